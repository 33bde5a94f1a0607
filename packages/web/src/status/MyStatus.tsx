import { useState } from 'react';
import { useMe } from '../hooks/client.ts';
import { useNow } from '../hooks/clock.ts';
import { Button } from '../parts/Button.tsx';
import { words } from '../words/words.ts';
import styles from './Status.module.css';
import { StatusDialog } from './StatusDialog.tsx';
import { endWords, lasting, statusText } from './statusWords.ts';

/** What I am doing, and the way to change it. */
export function MyStatus() {
  const now = useNow(10_000);
  const status = lasting(useMe().status, now);
  const [open, setOpen] = useState(false);
  return (
    <div className={styles.mine}>
      <span>
        {words.status.title}
        <small dir="auto">
          {status ? statusText(status) : words.status.hint}
          {status?.until && ` · ${endWords(status.until, now)}`}
        </small>
      </span>
      <Button size="small" onClick={() => setOpen(true)}>
        {status ? words.status.change : words.status.set}
      </Button>
      {open && <StatusDialog onClose={() => setOpen(false)} />}
    </div>
  );
}
