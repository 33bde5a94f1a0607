import { cx } from '../parts/cx.ts';
import { Ticks } from '../parts/Ticks.tsx';
import { clock, fullTime } from '../words/times.ts';
import styles from './CompactLine.module.css';
import type { MessageItem } from './items.ts';
import { MessageContent } from './MessageContent.tsx';
import { useRoom } from './room.ts';
import { lookOf } from './stateWords.ts';

interface Props {
  item: MessageItem;
  text: string;
  gone: boolean;
}

/** Time, name, text: one line. */
export function CompactLine({ item, text, gone }: Props) {
  const { nameOf } = useRoom();
  const { at } = item;
  const look = lookOf(item);
  return (
    <div className={cx(styles.line, look && styles[look])}>
      <time dateTime={at} title={fullTime(at)}>
        {clock(at)}
      </time>
      <div>
        <b>
          <bdi>{nameOf(item.sender)}</bdi>
        </b>{' '}
        <bdi>
          <MessageContent item={item} text={text} gone={gone} />
        </bdi>
        {look && (
          <span className={styles.tick}>
            <Ticks is={look} />
          </span>
        )}
      </div>
    </div>
  );
}
