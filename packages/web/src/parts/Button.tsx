import type { ComponentProps } from 'react';
import styles from './Button.module.css';
import { cx } from './cx.ts';

interface Props extends ComponentProps<'button'> {
  /** `main`: the act of this place. `plain`: another one. `danger`: cannot be undone. `link`: inside a sentence. */
  look?: 'main' | 'plain' | 'danger' | 'link';
  size?: 'normal' | 'small' | 'tall';
}

export function Button({ look = 'plain', size = 'normal', className, type = 'button', ...rest }: Props) {
  return <button {...rest} type={type} className={cx(styles.button, styles[look], styles[size], className)} />;
}
