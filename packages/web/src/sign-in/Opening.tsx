import { Logo } from '../parts/Logo.tsx';
import { words } from '../words/words.ts';
import styles from './Opening.module.css';

/** While the login of last time is looked for: mostly too short to be seen. */
export function Opening() {
  return (
    <main className={styles.opening} aria-busy="true">
      <div className={styles.late}>
        <Logo size={40} />
        <p role="status">{words.app.opening}</p>
      </div>
    </main>
  );
}
