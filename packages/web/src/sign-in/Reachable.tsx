import { words } from '../words/words.ts';
import styles from './SignIn.module.css';
import type { ServerVersion } from './version.ts';

export function Reachable({ server }: { server: ServerVersion }) {
  const { auth } = words;
  return (
    <p className={styles.reachable} data-is={server.is} role="status">
      <span className={styles.dot} aria-hidden="true" />
      {server.is === 'up' && auth.serverUp(server.answer.version)}
      {server.is === 'down' && auth.serverDown}
      {server.is === 'asked' && auth.serverAsked}
    </p>
  );
}
