import { Menu } from '@base-ui/react/menu';
import { usePhone } from '../hooks/surroundings.ts';
import { attempt } from '../message/faults.ts';
import { cx } from '../parts/cx.ts';
import styles from '../parts/Menu.module.css';
import { words } from '../words/words.ts';
import { actionsFor } from './actions.ts';
import type { MessageItem } from './items.ts';
import quick from './MessageMenu.module.css';
import { useRoom } from './room.ts';

export interface MenuTarget {
  readonly item: MessageItem;
  readonly anchor: HTMLElement;
}

const sixEmoji = ['👍', '❤️', '😂', '🎉', '👀', '🙏'] as const;

/** The actions of one message: from the keyboard, and as a sheet on the phone. Who closes it gives the focus back to the message. */
export function MessageMenu({ target, onClose }: { target: MenuTarget | undefined; onClose: () => void }) {
  const room = useRoom();
  const phone = usePhone();
  if (!target) return null;
  const { item, anchor } = target;
  const actions = actionsFor(item, room);
  const reacts = actions.some(action => action.id === 'react');
  return (
    <Menu.Root open onOpenChange={open => !open && onClose()}>
      <Menu.Portal container={anchor.closest('[data-talk]')}>
        <Menu.Backdrop className={styles.scrim} />
        <Menu.Positioner
          positionMethod="fixed"
          anchor={anchor}
          side="bottom"
          align={phone || anchor.matches('article') ? 'center' : 'end'}
          sideOffset={4}
          collisionPadding={8}
          className={styles.layer}
        >
          <Menu.Popup
            className={styles.menu}
            finalFocus={false}
            aria-label={words.message.actions(room.nameOf(item.sender))}
          >
            {reacts && <QuickEmoji item={item} />}
            {actions.map(({ id, label, icon: Icon, key, act }) => (
              <Menu.Item
                key={id}
                className={cx(styles.item, id === 'delete' && styles.danger)}
                onClick={() => act(anchor)}
              >
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

/** The six that are wanted most, one press away. */
function QuickEmoji({ item }: { item: MessageItem }) {
  const { handle } = useRoom();
  const { entry } = item;
  if (entry.kind !== 'stored') return null;
  const { seq } = entry.message;
  return (
    <div className={quick.row}>
      {sixEmoji.map(emoji => {
        const mine = entry.own?.emoji?.includes(emoji) ?? false;
        return (
          <Menu.Item
            key={emoji}
            className={quick.emoji}
            data-mine={mine || undefined}
            aria-label={mine ? words.reaction.takeBack(emoji) : words.reaction.with(emoji)}
            onClick={() => attempt(handle, seq, () => handle.react(seq, emoji, !mine))}
          >
            {emoji}
          </Menu.Item>
        );
      })}
    </div>
  );
}
