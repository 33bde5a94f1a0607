import { Menu } from '@base-ui/react/menu';
import { cx } from '../parts/cx.ts';
import styles from '../parts/Menu.module.css';
import { words } from '../words/words.ts';
import { actionsFor } from './actions.ts';
import type { MessageItem } from './items.ts';
import { useRoom } from './room.ts';

export interface MenuTarget {
  readonly item: MessageItem;
  readonly anchor: HTMLElement;
}

/** The actions of one message: from the keyboard, and as a sheet on the phone. Who closes it gives the focus back to the message. */
export function MessageMenu({ target, onClose }: { target: MenuTarget | undefined; onClose: () => void }) {
  const room = useRoom();
  if (!target) return null;
  return (
    <Menu.Root open onOpenChange={open => !open && onClose()}>
      <Menu.Portal container={target.anchor.closest('main')}>
        <Menu.Backdrop className={styles.scrim} />
        <Menu.Positioner
          positionMethod="fixed"
          anchor={target.anchor}
          side="bottom"
          align="center"
          sideOffset={4}
          className={styles.layer}
        >
          <Menu.Popup
            className={styles.menu}
            finalFocus={false}
            aria-label={words.message.actions(room.nameOf(target.item.sender))}
          >
            {actionsFor(target.item, room).map(({ id, label, icon: Icon, key, act }) => (
              <Menu.Item key={id} className={cx(styles.item, id === 'delete' && styles.danger)} onClick={act}>
                <Icon size={18} strokeWidth={1.6} aria-hidden="true" />
                {label}
                <span className={styles.key} aria-hidden="true">
                  {key}
                </span>
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
