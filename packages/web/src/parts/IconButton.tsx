import { Tooltip } from '@base-ui/react/tooltip';
import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from './cx.ts';
import styles from './IconButton.module.css';

interface Props extends Omit<ComponentProps<'button'>, 'children'> {
  icon: LucideIcon;
  /** What it does: its name and its tooltip. */
  label: string;
  /** The key that does the same, as `aria-keyshortcuts` has it. */
  keys?: string;
  small?: boolean;
}

export function IconButton({ icon: Icon, label, keys, small, className, type = 'button', ...rest }: Props) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        {...rest}
        render={<button type={type} />}
        className={cx(styles.button, small && styles.small, className)}
        aria-label={label}
        aria-keyshortcuts={keys}
        delay={600}
      >
        <Icon size={small ? 16 : 20} strokeWidth={small ? 1.7 : 1.6} aria-hidden="true" />
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className={styles.layer}>
          <Tooltip.Popup className={styles.tip}>
            {label}
            {keys && <kbd>{keys.replace('Control', 'Ctrl').replaceAll('+', ' ')}</kbd>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
