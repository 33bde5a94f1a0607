import { cx } from '../parts/cx.ts';
import { Ticks } from '../parts/Ticks.tsx';
import { clock, fullTime } from '../words/times.ts';
import { Body, Gone } from './Body.tsx';
import styles from './Bubble.module.css';
import type { MessageItem } from './items.ts';
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
        {gone ? <Gone /> : <Body text={text} entry={entry} />}
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
