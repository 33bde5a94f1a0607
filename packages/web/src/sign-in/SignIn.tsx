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

/** Sign in or create an account. The first account of a server is offered its creation at once. */
export function SignIn({ because }: { because: Because | undefined }) {
  const server = useServerVersion();
  const unsent = useObservable(useClient().outbox).length;
  const [chosen, setChosen] = useState<'login' | 'register'>();
  const first = server.is === 'up' && server.answer.firstAccount;
  const form = chosen ?? (first ? 'register' : 'login');
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
          {form === 'login' ? <LoginForm /> : <RegisterForm first={first} />}
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
