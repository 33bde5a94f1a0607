import { IconButton } from '../parts/IconButton.tsx';
import { words } from '../words/words.ts';
import styles from './ActionBar.module.css';
import { actionsFor } from './actions.ts';
import type { MessageItem } from './items.ts';
import { useRoom } from './room.ts';

/** For the pointer: beside a bubble, or at the top edge of a row. Keyboard and touch have the menu. */
export function ActionBar({ item }: { item: MessageItem }) {
  const room = useRoom();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div
      role="group"
      aria-label={words.message.actions(room.nameOf(item.sender))}
      className={styles.bar}
      data-in={room.layout}
    >
      {actionsFor(item, room).map(action => (
        <IconButton
          key={action.id}
          small
          tabIndex={-1}
          icon={action.icon}
          label={action.label}
          keys={action.key}
          onClick={action.act}
        />
      ))}
    </div>
  );
}
