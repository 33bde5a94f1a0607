import { Ellipsis } from 'lucide-react';
import { IconButton } from '../parts/IconButton.tsx';
import { words } from '../words/words.ts';
import styles from './ActionBar.module.css';
import { actionsFor } from './actions.ts';
import type { MessageItem } from './items.ts';
import { useRoom } from './room.ts';

/** For the pointer, at the top edge of a message: what is done most, and the menu with the rest. Keyboard and touch have the menu. */
export function ActionBar({ item }: { item: MessageItem }) {
  const room = useRoom();
  const actions = actionsFor(item, room);
  const shown = actions.filter(action => action.bar);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div
      role="group"
      aria-label={words.message.actions(room.nameOf(item.sender))}
      className={styles.bar}
      data-in={room.layout}
      data-mine={item.mine || undefined}
    >
      {shown.map(action => (
        <IconButton
          key={action.id}
          small
          tabIndex={-1}
          icon={action.icon}
          label={action.label}
          keys={action.key}
          onClick={event => action.act(event.currentTarget)}
        />
      ))}
      {actions.length > shown.length && (
        <IconButton
          small
          tabIndex={-1}
          icon={Ellipsis}
          label={words.message.more}
          onClick={event => room.openMenu(item, event.currentTarget)}
        />
      )}
    </div>
  );
}
