import { Popover } from '@base-ui/react/popover';
import { useRef } from 'react';
import { touch } from '../hooks/surroundings.ts';
import { words } from '../words/words.ts';
import { EmojiPanel } from './EmojiPanel.tsx';
import styles from './EmojiPopover.module.css';

interface Props {
  /** Beside this; what is picked or not, the focus goes back to it. */
  anchor: HTMLElement;
  onPick: (sign: string) => void;
  onClose: () => void;
}

/** The emoji beside what they are for; on the phone a sheet from below. */
export function EmojiPopover({ anchor, onPick, onClose }: Props) {
  const box = useRef<HTMLDivElement>(null);
  return (
    <Popover.Root open onOpenChange={open => !open && onClose()}>
      <Popover.Portal>
        <Popover.Backdrop className={styles.scrim} />
        <Popover.Positioner
          positionMethod="fixed"
          anchor={anchor}
          side="top"
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className={styles.layer}
        >
          <Popover.Popup
            ref={box}
            className={styles.popup}
            aria-label={words.emoji.pick}
            initialFocus={() => (touch() ? (box.current ?? true) : true)}
            finalFocus={false}
          >
            <EmojiPanel
              onPick={sign => {
                onPick(sign);
                onClose();
              }}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
