import { useClient, useObservable, usePeople } from '../hooks/client.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { Face } from '../parts/Face.tsx';
import { words } from '../words/words.ts';
import styles from './Settings.module.css';

/** Whom I have blocked, and the way back. */
export function BlockedPeople() {
  const client = useClient();
  const blocked = useObservable(client.blocked);
  const { nameOf } = usePeople();
  const [failed, attempt] = useTry();
  const { safety } = words;
  return (
    <section className={styles.card}>
      <h2>{safety.blockedPeople}</h2>
      {failed && (
        <p className={styles.failed} role="alert">
          {failed}
        </p>
      )}
      {blocked.size === 0 ? (
        <small>{safety.nobodyBlocked}</small>
      ) : (
        <ul>
          {[...blocked].map(id => (
            <li key={id} className={styles.session}>
              <Face id={id} name={nameOf(id)} size={32} />
              <span className={styles.device}>
                <b>
                  <bdi>{nameOf(id)}</bdi>
                </b>
              </span>
              <Button size="small" onClick={() => attempt(() => client.unblock(id))}>
                {safety.unblock(nameOf(id))}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
