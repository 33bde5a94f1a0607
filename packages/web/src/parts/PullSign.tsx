import type { Pulled } from '../hooks/useFinger.ts';
import { cx } from './cx.ts';
import styles from './PullSign.module.css';

/** Beside a row that a finger pulls: what it will do. Ears have the same in the row's menu. */
export function PullSign({ pulled, wide = false }: { pulled: Pulled | undefined; wide?: boolean }) {
  if (!pulled) return null;
  const { icon: Icon, label, to, far } = pulled;
  return (
    <span
      className={cx(styles.sign, styles[to], wide && styles.wide, far && styles.far)}
      data-sign=""
      aria-hidden="true"
    >
      <span className={styles.what}>
        <Icon size={20} strokeWidth={1.7} />
        {wide && label}
      </span>
    </span>
  );
}
