import * as rules from '@carpenter/protocol';
import { useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { Button } from '../parts/Button.tsx';
import { showToast } from '../parts/toasts.ts';
import { PasswordField } from '../sign-in/PasswordField.tsx';
import { useForm } from '../sign-in/useForm.ts';
import type { AuthFault } from '../words/failures.ts';
import { words } from '../words/words.ts';
import styles from './Settings.module.css';

/** Another password; all other devices have to sign in with it. */
export function Password() {
  const client = useClient();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const { password, auth } = words;
  const check = () => {
    const faults: AuthFault[] = [];
    if (current === '') faults.push({ field: 'current', text: password.needCurrent });
    if (next.length < 10) faults.push({ field: 'password', text: auth.shortPassword });
    else if (!rules.password.safeParse(next).success) faults.push({ field: 'password', text: auth.longPassword });
    return faults;
  };
  const form = useForm(check, async () => {
    await client.changePassword(current, next);
    setCurrent('');
    setNext('');
    showToast({ text: password.changed });
  });
  const fault = form.faultOf(undefined);
  return (
    <section className={styles.card}>
      <h2>{password.title}</h2>
      <form noValidate onSubmit={form.onSubmit} onInput={form.onInput}>
        <PasswordField
          label={password.current}
          name="current"
          autoComplete="current-password"
          value={current}
          onChange={event => setCurrent(event.target.value)}
          error={form.faultOf('current')}
        />
        <PasswordField
          label={password.next}
          autoComplete="new-password"
          hint={password.rule}
          value={next}
          onChange={event => setNext(event.target.value)}
          error={form.faultOf('password')}
        />
        {fault && (
          <p className={styles.failed} role="alert">
            {fault}
          </p>
        )}
        <p className={styles.save}>
          <Button type="submit" aria-disabled={form.busy}>
            {form.busy ? password.changing : password.change}
          </Button>
        </p>
      </form>
    </section>
  );
}
