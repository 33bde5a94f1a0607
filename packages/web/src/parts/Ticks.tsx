import type { MessageStatus } from '@carpenter/client';
import { Check, CheckCheck, CircleAlert, Clock } from 'lucide-react';
import { words } from '../words/words.ts';
import styles from './Ticks.module.css';

/** How far a message of mine has come, as a small picture with a name. */
export function Ticks({ is, label }: { is: MessageStatus['is']; label?: string }) {
  const { message } = words;
  const said = {
    queued: message.queued,
    sent: message.sent,
    delivered: message.delivered,
    read: message.read,
    failed: message.failed(''),
  };
  const Icon = { queued: Clock, sent: Check, delivered: CheckCheck, read: CheckCheck, failed: CircleAlert }[is];
  const name = label ?? said[is];
  return (
    <span role="img" aria-label={name} title={name} className={styles.ticks} data-is={is}>
      <Icon size={15} strokeWidth={1.8} aria-hidden="true" />
    </span>
  );
}
