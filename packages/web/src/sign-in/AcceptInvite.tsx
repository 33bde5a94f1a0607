import type { Me } from '@carpenter/protocol';
import { useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { Button } from '../parts/Button.tsx';
import { Logo } from '../parts/Logo.tsx';
import { useGo } from '../place.ts';
import { words } from '../words/words.ts';
import { Joint } from './Joint.tsx';
import styles from './SignIn.module.css';
import { inviteFault, useInvite } from './useInvite.ts';

/** An invite link in the hands of somebody who is signed in: one click, and they are where it leads. */
export function AcceptInvite({ code, me }: { code: string; me: Me }) {
  const client = useClient();
  const go = useGo();
  const state = useInvite(code);
  const [coming, setComing] = useState(false);
  const [failed, setFailed] = useState<string>();
  const { invite } = words;
  const come = async () => {
    setComing(true);
    try {
      const [first] = await client.acceptInvite(code);
      go.instead(first === undefined ? { at: 'list' } : { at: 'conversation', id: first, details: false });
    } catch (error) {
      setFailed(inviteFault(error));
    } finally {
      setComing(false);
    }
  };
  const over = failed ?? (state?.is === 'over' ? state.why : undefined);
  return (
    <div className={styles.screen}>
      <main className={styles.side}>
        <p className={styles.brand}>
          <Logo size={28} />
          {words.app.name}
        </p>
        <div className={styles.middle}>
          <h1>{over === undefined ? invite.join(location.host) : invite.over}</h1>
          <p className={styles.lead} role={over === undefined ? undefined : 'alert'}>
            {over ?? (state?.is === 'asked' ? invite.checking : invite.joinSignedIn(me.displayName))}
          </p>
          {over === undefined && state?.is === 'good' && (
            <Button look="main" size="tall" className={styles.submit} aria-disabled={coming} onClick={come}>
              {coming ? invite.coming : invite.come}
            </Button>
          )}
          <p className={styles.other}>
            <Button look="link" onClick={() => go.instead({ at: 'list' })}>
              {over === undefined ? invite.later : invite.toApp}
            </Button>
          </p>
        </div>
      </main>
      <div className={styles.drawing}>
        <Joint />
      </div>
    </div>
  );
}
