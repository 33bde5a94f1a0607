import { Clock } from 'lucide-react';
import { cx } from '../parts/cx.ts';
import { Face } from '../parts/Face.tsx';
import { clock, fullTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import type { MessageItem } from './items.ts';
import { MessageContent } from './MessageContent.tsx';
import styles from './PersonLine.module.css';
import { useRoom } from './room.ts';
import { lookOf } from './stateWords.ts';

interface Props {
  item: MessageItem;
  text: string;
  gone: boolean;
}

/** A message in a group: face, name and time for the first of its author, the time on hover for those that follow. */
export function PersonLine({ item, text, gone }: Props) {
  const { nameOf, me } = useRoom();
  const { first, at, mine } = item;
  const look = lookOf(item);
  const name = nameOf(item.sender);
  const time = (
    <time dateTime={at} title={fullTime(at)}>
      {clock(at)}
    </time>
  );
  return (
    <div className={styles.person}>
      {first ? (
        <Face id={mine ? me : item.sender} name={name} size={36} />
      ) : (
        <span className={styles.gutter}>{time}</span>
      )}
      <div className={styles.content}>
        {first && (
          <p className={styles.head}>
            <bdi>{name}</bdi>
            {mine && <small>{words.message.mine}</small>}
            {time}
          </p>
        )}
        <div className={cx(styles.text, look && styles[look])} dir="auto">
          <MessageContent item={item} text={text} gone={gone} />
          {look === 'queued' && (
            <Clock className={styles.clock} size={13} strokeWidth={1.8} role="img" aria-label={words.message.queued} />
          )}
        </div>
      </div>
    </div>
  );
}
