import type { StoredMessage } from '@carpenter/client';
import { use } from 'react';
import { useRoom } from '../conversation/room.ts';
import { useClient, useObservable } from '../hooks/client.ts';
import { useNow } from '../hooks/clock.ts';
import { TabStopContext } from '../markdown/names.ts';
import { Face } from '../parts/Face.tsx';
import { Hidden } from '../parts/Hidden.tsx';
import { longTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './ThreadChip.module.css';

/** Under a message with a thread: who wrote in it, how much, when last, and whether there is something new. */
export function ThreadChip({ entry }: { entry: StoredMessage }) {
  const { nameOf, openThread } = useRoom();
  const tabIndex = use(TabStopContext);
  const followed = useObservable(useClient().followed);
  const now = useNow(60_000);
  const { thread, seq } = entry.message;
  if (!thread || thread.count === 0 || !openThread) return null;
  const unread = followed.find(row => row.id === thread.conversationId)?.unread ?? 0;
  const last = words.thread.last(longTime(thread.lastAt, now));
  return (
    <button type="button" tabIndex={tabIndex} className={styles.chip} onClick={() => openThread(seq)}>
      <span className={styles.faces} aria-hidden="true">
        {thread.first.slice(0, 3).map(id => (
          <Face key={id} id={id} name={nameOf(id)} size={24} />
        ))}
      </span>
      <Hidden>{words.thread.before}</Hidden>
      <b>{words.thread.replies(thread.count)}</b>
      <span className={styles.last}>{last}</span>
      {unread > 0 && <span className={styles.dot} role="img" aria-label={words.thread.unreadSpoken(unread)} />}
    </button>
  );
}
