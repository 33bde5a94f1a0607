import * as rules from '@carpenter/protocol';
import { useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { useGo } from '../place.ts';
import type { AuthFault } from '../words/failures.ts';
import { words } from '../words/words.ts';
import { PasswordField } from './PasswordField.tsx';
import styles from './SignIn.module.css';
import { useForm } from './useForm.ts';
import { useUsernameFree } from './useUsernameFree.ts';

interface Props {
  first: boolean;
  /** Code of the link that one came by. */
  invite: string | undefined;
  guest: boolean;
}

export function RegisterForm({ first, invite, guest }: Props) {
  const client = useClient();
  const go = useGo();
  const [username, setUsername] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [password, setPassword] = useState('');
  const { auth } = words;
  const free = useUsernameFree(username);

  const check = () => {
    const faults: AuthFault[] = [];
    if (displayName.trim() && !rules.displayName.safeParse(displayName).success)
      faults.push({ field: 'displayName', text: auth.badName });
    if (!rules.username.safeParse(username).success) faults.push({ field: 'username', text: auth.usernameRule });
    else if (free.is === 'taken') faults.push({ field: 'username', text: auth.taken });
    if (password.length < 10) faults.push({ field: 'password', text: auth.shortPassword });
    else if (!rules.password.safeParse(password).success) faults.push({ field: 'password', text: auth.longPassword });
    return faults;
  };
  const register = async () => {
    const name = displayName.trim();
    await client.register({ username, password, ...(name && { displayName: name }), ...(invite && { invite }) });
    if (invite === undefined) return;
    const into = await client.acceptInvite(invite).catch(() => undefined); // in already: it only says where
    if (into === undefined) return; // the link's own screen stays, and tries it again
    const [first] = into;
    go.instead(first === undefined ? { at: 'list' } : { at: 'conversation', id: first, details: false });
  };
  const form = useForm(check, register);
  const fault = form.faultOf(undefined);
  const lead = guest ? words.invite.joinGuest : words.invite.joinLead;
  const hint = { idle: auth.usernameRule, asking: auth.checking, free: auth.free(username), taken: undefined };

  return (
    <form noValidate onSubmit={form.onSubmit} onInput={form.onInput}>
      <h1>{first ? auth.first : invite ? words.invite.join(location.host) : auth.create}</h1>
      <p className={styles.lead}>{first ? auth.firstLead : invite ? lead : auth.createOn(location.host)}</p>
      <Field
        label={auth.displayName}
        name="displayName"
        autoComplete="name"
        hint={auth.displayNameHint}
        value={displayName}
        onChange={event => setDisplayName(event.target.value)}
        error={form.faultOf('displayName')}
      />
      <Field
        label={auth.username}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        hint={hint[free.is]}
        value={username}
        onChange={event => setUsername(event.target.value.trim().toLowerCase())}
        error={form.faultOf('username') ?? (free.is === 'taken' ? auth.taken : undefined)}
      />
      <PasswordField
        autoComplete="new-password"
        hint={auth.passwordRule}
        value={password}
        onChange={event => setPassword(event.target.value)}
        error={form.faultOf('password')}
      />
      {fault && (
        <p className={styles.fault} role="alert">
          {fault}
        </p>
      )}
      <Button type="submit" look="main" size="tall" className={styles.submit} aria-disabled={form.busy}>
        {form.busy ? auth.registering : auth.register}
      </Button>
    </form>
  );
}
