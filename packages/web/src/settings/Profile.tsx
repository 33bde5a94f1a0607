import { ClientError } from '@carpenter/client';
import { displayName } from '@carpenter/protocol';
import { useState } from 'react';
import { useClient, useMe } from '../hooks/client.ts';
import { Button } from '../parts/Button.tsx';
import { Face } from '../parts/Face.tsx';
import { Field } from '../parts/Field.tsx';
import { said } from '../words/failures.ts';
import { words } from '../words/words.ts';
import styles from './Settings.module.css';

/** How others see me. */
export function Profile() {
  const client = useClient();
  const me = useMe();
  const [name, setName] = useState(me.displayName);
  const [state, setState] = useState<'same' | 'changed' | 'saved' | { failed: string }>('same');
  const { settings } = words;
  const save = async () => {
    const found = displayName.safeParse(name);
    if (!found.success) return setState({ failed: words.auth.badName });
    try {
      await client.updateMe({ displayName: found.data });
      setState('saved');
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      setState({ failed: words.details.failed(said(error)) });
    }
  };
  return (
    <section className={styles.card} aria-label={settings.profile}>
      <div className={styles.profile}>
        <Face id={me.id} name={name || me.displayName} size={72} />
        <form
          onSubmit={event => {
            event.preventDefault();
            void save();
          }}
        >
          <Field
            label={settings.name}
            value={name}
            autoComplete="name"
            hint={words.details.person(me.username)}
            error={typeof state === 'object' ? state.failed : undefined}
            onChange={event => {
              setName(event.target.value);
              setState('changed');
            }}
          />
          {state !== 'same' && (
            <p className={styles.save}>
              {state === 'saved' ? (
                <span role="status">{settings.saved}</span>
              ) : (
                <Button type="submit" look="main">
                  {settings.save}
                </Button>
              )}
            </p>
          )}
        </form>
      </div>
    </section>
  );
}
