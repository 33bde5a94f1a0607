import type { Message } from '@carpenter/protocol';
import { Forward } from 'lucide-react';
import { useRoom } from '../conversation/room.ts';
import { serverNow } from '../hooks/clock.ts';
import { fullTime, longTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Lines.module.css';

/** Whose words they are. Where they were said is nobody else's business. */
export function Forwarded({ from }: { from: NonNullable<Message['forwarded']> }) {
  const { nameOf } = useRoom();
  return (
    <div className={styles.forwarded} title={fullTime(from.createdAt)}>
      <Forward size={14} strokeWidth={1.8} aria-hidden="true" />
      {words.message.forwardedFrom(nameOf(from.sender), longTime(from.createdAt, serverNow()))}
    </div>
  );
}
