import { Popover } from '@base-ui/react/popover';
import type { Id } from '@carpenter/protocol';
import { use } from 'react';
import { TabStopContext } from '../markdown/names.ts';
import { Face } from '../parts/Face.tsx';
import { Hidden } from '../parts/Hidden.tsx';
import { words } from '../words/words.ts';
import { useRoom } from './room.ts';
import styles from './StateLine.module.css';

interface Props {
  className: string;
  by: readonly Id[];
  onDeviceOf: readonly Id[];
}

/** Up to three faces and "Read by 3"; who, on click. */
export function ReadBy({ className, by, onDeviceOf }: Props) {
  const { nameOf } = useRoom();
  const { message } = words;
  const onlyArrived = onDeviceOf.filter(id => !by.includes(id));
  return (
    <Popover.Root>
      <Popover.Trigger className={className} tabIndex={use(TabStopContext)}>
        <span className={styles.faces}>
          {by.slice(0, 3).map(id => (
            <Face key={id} id={id} name={nameOf(id)} size={18} />
          ))}
        </span>
        <span aria-hidden="true">{message.readBy(by.length)}</span>
        <Hidden>{message.readByNames(by.map(nameOf))}</Hidden>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="top" align="start" sideOffset={6} className={styles.layer}>
          <Popover.Popup className={styles.popup}>
            <p>{message.readByNames(by.map(nameOf))}</p>
            {onlyArrived.length > 0 && <p>{message.onDeviceOf(onlyArrived.map(nameOf))}</p>}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
