import { Button } from '../parts/Button.tsx';
import { words } from '../words/words.ts';
import styles from './Older.module.css';
import { Skeleton } from './Rules.tsx';
import type { Older as OlderState } from './useOlder.ts';

/** The upper end while there is more: room for what comes, or why it did not come. */
export function Older({ older }: { older: OlderState }) {
  if (!older.failed) return <Skeleton rows={3} />;
  return (
    <p className={styles.failed} role="alert">
      {words.timeline.olderFailed}
      <Button size="small" onClick={older.retry}>
        {words.timeline.retry}
      </Button>
    </p>
  );
}
