import { type ComponentProps, type ReactNode, useId } from 'react';
import styles from './Field.module.css';

interface Props extends ComponentProps<'input'> {
  label: string;
  /** The rule, or that all is well. */
  hint?: ReactNode;
  error?: string | undefined;
  /** Stands at the end inside the field. */
  end?: ReactNode;
}

/** One line of input with its label above and, beneath it, what is wrong or what the rule is. */
export function Field({ label, hint, error, end, ...rest }: Props) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.box} data-wrong={error !== undefined || undefined}>
        <input {...rest} id={id} aria-invalid={error !== undefined} aria-describedby={`${id}-note`} />
        {end}
      </div>
      <p id={`${id}-note`} className={error === undefined ? styles.hint : styles.error} aria-live="polite">
        {error ?? hint}
      </p>
    </div>
  );
}
