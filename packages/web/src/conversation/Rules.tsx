import { cx } from '../parts/cx.ts';
import { clock, dayName, fullTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Rules.module.css';
import { useRoom } from './room.ts';

/** A new day: the ticks of a ruler, its name, a line. */
export function DayLine({ at, now }: { at: string; now: number }) {
  const { layout } = useRoom();
  return (
    <div className={styles.day} data-in={layout}>
      <span title={fullTime(at)}>{dayName(at, now)}</span>
    </div>
  );
}

/** Where what is new begins. */
export function UnreadLine({ at }: { at: string }) {
  const { layout } = useRoom();
  return (
    <div className={styles.unread} data-in={layout}>
      <span>{words.timeline.newSince(clock(at))}</span>
    </div>
  );
}

export function Beginning() {
  const { title, layout, handle } = useRoom();
  const direct = handle.timeline.get().conversation?.type === 'direct';
  return (
    <div className={cx(styles.beginning)} data-in={layout}>
      <p>{direct ? words.timeline.beginDirect(title) : words.timeline.begin(title)}</p>
    </div>
  );
}

/** Room for what is being loaded: as high as messages are, still. */
export function Skeleton({ rows }: { rows: number }) {
  const { layout } = useRoom();
  return (
    <div className={styles.skeleton} data-in={layout} role="status" aria-label={words.timeline.loading}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike.
        <span key={row} />
      ))}
    </div>
  );
}
