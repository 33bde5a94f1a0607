import { useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { words } from '../words/words.ts';
import { PasswordField } from './PasswordField.tsx';
import styles from './SignIn.module.css';
import { useForm } from './useForm.ts';

export function LoginForm() {
  const client = useClient();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const { auth } = words;
  const form = useForm(
    () => [
      ...(username.trim() ? [] : [{ field: 'username' as const, text: auth.needUsername }]),
      ...(password ? [] : [{ field: 'password' as const, text: auth.needPassword }]),
    ],
    () => client.login({ username: username.trim(), password }),
  );
  const fault = form.faultOf(undefined);
  return (
    <form noValidate onSubmit={form.onSubmit} onInput={form.onInput}>
      <h1>{auth.welcome}</h1>
      <p className={styles.lead}>{auth.signInTo(location.host)}</p>
      <Field
        label={auth.username}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={username}
        onChange={event => setUsername(event.target.value)}
        error={form.faultOf('username')}
      />
      <PasswordField
        autoComplete="current-password"
        value={password}
        onChange={event => setPassword(event.target.value)}
        error={form.faultOf('password')}
      />
      <p className={styles.forgot}>{auth.forgot}</p>
      {fault && (
        <p className={styles.fault} role="alert">
          {fault}
        </p>
      )}
      <Button type="submit" look="main" size="tall" className={styles.submit} aria-disabled={form.busy}>
        {form.busy ? auth.signingIn : auth.signIn}
      </Button>
    </form>
  );
}
