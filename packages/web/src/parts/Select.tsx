import { ChevronDown } from 'lucide-react';
import { useId } from 'react';
import { cx } from './cx.ts';
import styles from './Select.module.css';

interface BoxProps<T extends string> {
  /** What its label is for. */
  id: string;
  value: T;
  options: readonly { readonly value: T; readonly label: string }[];
  onChange: (value: T) => void;
  className?: string | undefined;
}

/** One of several, folded away: the browser's own list, which every phone and screen reader knows. */
export function SelectBox<T extends string>({ id, value, options, onChange, className }: BoxProps<T>) {
  return (
    <span className={cx(styles.box, className)}>
      <select
        id={id}
        value={value}
        onChange={event => {
          const chosen = options.find(option => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map(option => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown size={16} strokeWidth={1.7} aria-hidden="true" />
    </span>
  );
}

/** The same under its label. */
export function Select<T extends string>({ label, ...box }: Omit<BoxProps<T>, 'id'> & { label: string }) {
  const id = useId();
  return (
    <div className={styles.select}>
      <label htmlFor={id}>{label}</label>
      <SelectBox id={id} {...box} />
    </div>
  );
}
