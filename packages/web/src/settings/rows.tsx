import { type ReactNode, useId } from 'react';
import { Choice } from '../parts/Choice.tsx';
import { SelectBox } from '../parts/Select.tsx';
import styles from './Settings.module.css';

interface Props<T> {
  label: string;
  lead?: ReactNode;
  value: T;
  onChange: (value: T) => void;
}
interface Chosen<T extends string> extends Props<T> {
  options: readonly { readonly value: T; readonly label: string }[];
}

const Words = ({ label, lead }: { label: string; lead?: ReactNode }) => (
  <span>
    {label}
    {lead && <small>{lead}</small>}
  </span>
);

/** On or off. */
export function SwitchRow({ label, lead, value, onChange }: Props<boolean>) {
  return (
    <label className={styles.row}>
      <Words label={label} lead={lead} />
      <input
        type="checkbox"
        role="switch"
        aria-checked={value}
        className={styles.switch}
        checked={value}
        onChange={event => onChange(event.target.checked)}
      />
    </label>
  );
}

/** One of a few, all in sight. */
export function ChoiceRow<T extends string>({ label, lead, ...choice }: Chosen<T>) {
  return (
    <div className={styles.row}>
      <Words label={label} lead={lead} />
      <Choice label={label} {...choice} />
    </div>
  );
}

/** One of several, folded away. */
export function SelectRow<T extends string>({ label, lead, ...box }: Chosen<T>) {
  const id = useId();
  return (
    <div className={styles.row}>
      <label htmlFor={id}>
        <Words label={label} lead={lead} />
      </label>
      <SelectBox id={id} className={styles.select} {...box} />
    </div>
  );
}

/** Each of the values with its words. */
export const optionsOf = <const T extends string>(words: Readonly<Record<T, string>>, values: readonly T[]) =>
  values.map(value => ({ value, label: words[value] }));
