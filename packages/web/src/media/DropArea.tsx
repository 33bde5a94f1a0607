import { FilePlus } from 'lucide-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { words } from '../words/words.ts';
import styles from './DropArea.module.css';

/** Where files can be dropped. While they are over it, it says so. */
export function DropArea({ onDrop, children }: { onDrop: (files: FileList) => void; children: ReactNode }) {
  const [over, setOver] = useState(false);
  /** The pointer enters what lies inside before it leaves what lies outside. */
  const depth = useRef(0);
  const has = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  const change = (by: number) => {
    depth.current = Math.max(0, depth.current + by);
    setOver(depth.current > 0);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button "Add files" does the same.
    <div
      className={styles.area}
      onDragEnter={event => has(event) && change(1)}
      onDragLeave={event => has(event) && change(-1)}
      onDragOver={event => has(event) && event.preventDefault()}
      onDrop={event => {
        if (!has(event)) return;
        event.preventDefault();
        change(-depth.current);
        onDrop(event.dataTransfer.files);
      }}
    >
      {children}
      {over && (
        <div className={styles.note}>
          <FilePlus size={28} strokeWidth={1.5} aria-hidden="true" />
          {words.media.drop}
        </div>
      )}
    </div>
  );
}
