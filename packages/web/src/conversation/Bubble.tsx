import { cx } from '../parts/cx.ts';
import { Ticks } from '../parts/Ticks.tsx';
import { clock, fullTime } from '../words/times.ts';
import styles from './Bubble.module.css';
import type { MessageItem } from './items.ts';
import { MessageContent } from './MessageContent.tsx';
import { lookOf, statusOf } from './stateWords.ts';

interface Props {
  item: MessageItem;
  text: string;
  gone: boolean;
}

/** A message in a direct conversation: time and ticks in its last line. */
export function Bubble({ item, text, gone }: Props) {
  const { entry, mine, at, last } = item;
  const look = lookOf(item);
  const status = statusOf(entry);
  return (
    <div className={cx(styles.bubble, mine && styles.mine, last && styles.tail, look && styles[look])}>
      <div dir="auto">
        <MessageContent item={item} text={text} gone={gone} />
        <span className={styles.meta}>
          <time dateTime={at} title={fullTime(at)}>
            {clock(at)}
          </time>
          {mine && !gone && status && (
            <Ticks is={look === 'queued' ? 'queued' : status.is === 'queued' ? 'sent' : status.is} />
          )}
        </span>
      </div>
    </div>
  );
}
