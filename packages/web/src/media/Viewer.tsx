import { Dialog } from '@base-ui/react/dialog';
import type { Attachment } from '@carpenter/protocol';
import { ChevronLeft, ChevronRight, X, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { cx } from '../parts/cx.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { words } from '../words/words.ts';
import { blurOf } from './blur.ts';
import { SaveLink } from './SaveLink.tsx';
import styles from './Viewer.module.css';

interface Props {
  pictures: readonly Attachment[];
  at: number;
  onMove: (at: number) => void;
  onClose: () => void;
}

/** A picture as large as the screen allows, then as it is; arrows go through those of its message. */
export function Viewer({ pictures, at, onMove, onClose }: Props) {
  const client = useClient();
  const [zoomed, setZoomed] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const { viewer } = words.media;
  const picture = pictures[at];
  if (!picture) return null;
  const move = (by: number) => {
    setZoomed(false);
    onMove((at + by + pictures.length) % pictures.length);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation(); // the row beneath has keys of its own
    if (zoomed || pictures.length < 2) return;
    if (event.key === 'ArrowRight') move(1);
    if (event.key === 'ArrowLeft') move(-1);
  };
  const { width = 1, height = 1 } = picture;
  return (
    <Dialog.Root open onOpenChange={open => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.scrim} />
        <Dialog.Popup ref={box} className={styles.viewer} initialFocus={box} onKeyDown={onKeyDown}>
          <header className={styles.head}>
            <Dialog.Title className={styles.title}>
              <bdi>{viewer.title(picture.name)}</bdi>
              {pictures.length > 1 && <small>{viewer.of(at + 1, pictures.length)}</small>}
            </Dialog.Title>
            <IconButton
              icon={zoomed ? ZoomOut : ZoomIn}
              label={zoomed ? viewer.zoomOut : viewer.zoomIn}
              onClick={() => setZoomed(!zoomed)}
            />
            <SaveLink file={picture} />
            <Dialog.Close render={<IconButton icon={X} label={words.app.close} keys="Escape" />} />
          </header>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: the button and Esc do the same. */}
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: the button and Esc do the same. */}
          <div
            className={cx(styles.stage, zoomed && styles.zoomed)}
            onClick={event => event.target === event.currentTarget && onClose()}
          >
            <img
              key={picture.id}
              src={client.mediaUrl(picture.id)}
              alt={picture.alt ?? picture.name}
              width={width}
              height={height}
              style={{ aspectRatio: width / height, backgroundImage: blurOf(picture.blur) }}
            />
          </div>
          {picture.alt && <p className={styles.alt}>{picture.alt}</p>}
          {pictures.length > 1 && (
            <>
              <IconButton
                icon={ChevronLeft}
                label={viewer.previous}
                className={cx(styles.step, styles.previous)}
                onClick={() => move(-1)}
              />
              <IconButton
                icon={ChevronRight}
                label={viewer.next}
                className={cx(styles.step, styles.next)}
                onClick={() => move(1)}
              />
            </>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
