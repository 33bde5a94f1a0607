import styles from './Logo.module.css';

/** The mark: a dovetail. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg className={styles.logo} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path className={styles.green} d="M0 0h24v24H0z" />
      <path className={styles.wood} d="M0 0h24v9h-6.5l2 8.5h-15l2-8.5H0z" />
    </svg>
  );
}
