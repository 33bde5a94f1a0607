import type { ConversationHandle } from '@carpenter/client';
import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../parts/IconButton.tsx';
import { words } from '../words/words.ts';
import { MakePoll } from './MakePoll.tsx';
import styles from './PollButton.module.css';

/** The way to ask everybody here. */
export function PollButton({ handle, onSent }: { handle: ConversationHandle; onSent: () => void }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton className={styles.button} icon={ListChecks} label={words.poll.make} onClick={() => setOpen(true)} />
      {open && <MakePoll handle={handle} onClose={() => setOpen(false)} onSent={onSent} />}
    </>
  );
}
