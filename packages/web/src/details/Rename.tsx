import { displayName } from '@carpenter/protocol';
import { useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { words } from '../words/words.ts';
import styles from './Details.module.css';

/** A new name, or `undefined` for the old one. */
export function Rename({ name, onDone }: { name: string; onDone: (name: string | undefined) => void }) {
  const [text, setText] = useState(name);
  const [fault, setFault] = useState(false);
  const save = () => {
    const found = displayName.safeParse(text);
    if (!found.success) return setFault(true);
    onDone(found.data === name ? undefined : found.data);
  };
  return (
    <form
      className={styles.rename}
      onSubmit={event => {
        event.preventDefault();
        save();
      }}
      onKeyDown={event => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onDone(undefined);
      }}
    >
      <Field
        label={words.details.name}
        autoFocus
        value={text}
        onChange={event => {
          setText(event.target.value);
          setFault(false);
        }}
        error={fault ? words.begin.needName : undefined}
      />
      <div className={styles.acts}>
        <Button size="small" onClick={() => onDone(undefined)}>
          {words.app.cancel}
        </Button>
        <Button size="small" look="main" type="submit">
          {words.details.save}
        </Button>
      </div>
    </form>
  );
}
