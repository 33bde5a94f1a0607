import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import { Field } from '../parts/Field.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { words } from '../words/words.ts';
import styles from './SignIn.module.css';

type Props = Omit<ComponentProps<typeof Field>, 'label' | 'end' | 'type'> & { label?: string };

export function PasswordField({ label = words.auth.password, name = 'password', ...rest }: Props) {
  const [shown, setShown] = useState(false);
  return (
    <Field
      {...rest}
      name={name}
      label={label}
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      spellCheck={false}
      end={
        <IconButton
          className={styles.eye}
          icon={shown ? EyeOff : Eye}
          label={shown ? words.auth.hide : words.auth.show}
          onClick={() => setShown(!shown)}
        />
      }
    />
  );
}
