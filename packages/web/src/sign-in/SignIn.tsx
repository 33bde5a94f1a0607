import type { Because } from '@carpenter/client';
import { useState } from 'react';
import { useClient, useObservable } from '../hooks/client.ts';
import { Button } from '../parts/Button.tsx';
import { Logo } from '../parts/Logo.tsx';
import { words } from '../words/words.ts';
import { Joint } from './Joint.tsx';
import { LoginForm } from './LoginForm.tsx';
import { Reachable } from './Reachable.tsx';
import { RegisterForm } from './RegisterForm.tsx';
import styles from './SignIn.module.css';
import { type InviteState, useInvite } from './useInvite.ts';
import { useServerVersion } from './version.ts';

function why(because: Because): string {
  const { auth } = words;
  switch (because.code) {
    case 'sessionEnded':
      return auth.signedOutElsewhere;
    case 'auth.refresh_reused':
      return auth.signedOutReuse;
    case 'auth.suspended':
    case 'forbidden':
      return auth.suspended;
    default:
      return auth.signedOutAway;
  }
}

const isGuest = (invited: InviteState | undefined) => invited?.is === 'good' && invited.guest;

/** Sign in or create an account. The first account of a server is offered its creation at once. */
export function SignIn({ because, invite }: { because: Because | undefined; invite: string | undefined }) {
  const server = useServerVersion();
  const invited = useInvite(invite);
  const unsent = useObservable(useClient().outbox).length;
  const [chosen, setChosen] = useState<'login' | 'register'>();
  const first = server.is === 'up' && server.answer.firstAccount;
  const form = chosen ?? (first || invited ? 'register' : 'login');
  const closed = server.is === 'up' && server.answer.registration === 'invite' && !first;
  const over = invited?.is === 'over' ? invited.why : undefined;
  const may = invited ? invited.is !== 'over' : !closed;
  return (
    <div className={styles.screen}>
      <main className={styles.side}>
        <p className={styles.brand}>
          <Logo size={28} />
          {words.app.name}
        </p>
        <div className={styles.middle}>
          {because && (
            <p className={styles.because} role="status">
              {why(because)} {unsent > 0 && words.auth.kept(unsent)}
            </p>
          )}
          {form === 'login' && <LoginForm />}
          {form === 'register' && may && <RegisterForm first={first} invite={invite} guest={isGuest(invited)} />}
          {form === 'register' && !may && (
            <>
              <h1>{over === undefined ? words.auth.create : words.invite.over}</h1>
              <p className={styles.lead} role="alert">
                {over ?? words.invite.closed}
              </p>
            </>
          )}
          <p className={styles.other}>
            {form === 'login' ? words.auth.newHere : words.auth.haveOne}{' '}
            <Button look="link" onClick={() => setChosen(form === 'login' ? 'register' : 'login')}>
              {form === 'login' ? words.auth.create : words.auth.signIn}
            </Button>
          </p>
        </div>
        <Reachable server={server} />
      </main>
      <div className={styles.drawing}>
        <Joint />
      </div>
    </div>
  );
}
