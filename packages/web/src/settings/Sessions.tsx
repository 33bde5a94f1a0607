import type { Session } from '@carpenter/protocol';
import { useEffect, useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { serverNow } from '../hooks/clock.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { longTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Settings.module.css';

/** Where I am signed in, this device first, and the way to end what I do not know. */
export function Sessions() {
  const client = useClient();
  const [sessions, setSessions] = useState<readonly Session[]>();
  const [missing, setMissing] = useState(false);
  const [failed, attempt] = useTry();
  const { settings } = words;
  useEffect(() => {
    client.sessions().then(setSessions, () => setMissing(true));
  }, [client]);
  const end = async ({ id }: Session) => {
    if (await attempt(() => client.endSession(id))) setSessions(sessions?.filter(session => session.id !== id));
  };
  const sorted = sessions?.toSorted((a, b) => Number(b.current) - Number(a.current));
  return (
    <section className={styles.card}>
      <h2>{settings.sessions}</h2>
      {(missing || failed) && (
        <p className={styles.failed} role="alert">
          {failed ?? settings.sessionsFailed}
        </p>
      )}
      <ul>
        {sorted?.map(session => (
          <li key={session.id} className={styles.session}>
            <span className={styles.device}>
              <b>{session.device}</b>
              <small>{settings.lastUsed(longTime(session.lastUsedAt, serverNow()))}</small>
            </span>
            {session.current ? (
              <span className={styles.this}>{settings.thisDevice}</span>
            ) : (
              <Button size="small" aria-label={settings.endThat(session.device)} onClick={() => end(session)}>
                {settings.end}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
