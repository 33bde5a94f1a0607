import { Reactions } from '../message/Reactions.tsx';
import { ThreadChip } from '../message/ThreadChip.tsx';
import type { MessageItem } from './items.ts';
import { useRoom } from './room.ts';
import styles from './Under.module.css';

/** What hangs under a message: reactions, and the thread that began with it. */
export function Under({ item, gone }: { item: MessageItem; gone: boolean }) {
  const { layout } = useRoom();
  const { entry } = item;
  if (entry.kind !== 'stored' || (!entry.message.reactions?.length && !entry.message.thread)) return null;
  return (
    <div className={styles.under} data-in={layout} data-mine={item.mine || undefined}>
      {!gone && <Reactions entry={entry} />}
      <ThreadChip entry={entry} />
    </div>
  );
}
