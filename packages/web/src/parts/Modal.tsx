import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { touch } from '../hooks/surroundings.ts';
import { words } from '../words/words.ts';
import { IconButton } from './IconButton.tsx';
import styles from './Modal.module.css';

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Acts, at the bottom. */
  foot?: ReactNode;
}

/** A dialog over a scrim; on the phone a sheet from below. Focus goes back to what opened it. */
export function Modal({ title, onClose, children, foot }: Props) {
  const box = useRef<HTMLDivElement>(null);
  // Where one writes; not the close button, whose tooltip would take the first Esc. On touch no keyboard comes up by itself.
  const firstField = () =>
    touch() ? undefined : box.current?.querySelector<HTMLElement>('[type="search"], [type="text"]');
  return (
    <Dialog.Root open onOpenChange={open => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.scrim} />
        <Dialog.Popup ref={box} className={styles.box} initialFocus={() => firstField() ?? box.current ?? true}>
          <header className={styles.head}>
            <Dialog.Title className={styles.title}>{title}</Dialog.Title>
            <Dialog.Close render={<IconButton icon={X} label={words.app.close} />} />
          </header>
          <div className={styles.body}>{children}</div>
          {foot && <footer className={styles.foot}>{foot}</footer>}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
