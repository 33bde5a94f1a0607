import { useEffect, useState } from 'react';
import { useObservable } from '../hooks/client.ts';
import { words } from '../words/words.ts';
import styles from './Toasts.module.css';
import { endToast, toast, undoToast } from './toasts.ts';

const showForMs = 6_000;

/** Where toasts stand: 6 s, and longer while pointer or focus rests on one. */
export function Toasts() {
  const current = useObservable(toast);
  const [paused, setPaused] = useState(false);
  useEffect(() => {
    if (!current || paused) return;
    const timer = setTimeout(endToast, showForMs);
    return () => clearTimeout(timer);
  }, [current, paused]);
  useEffect(() => {
    if (!current) setPaused(false);
  }, [current]);
  return (
    <div role="status" className={styles.place}>
      {current && (
        // biome-ignore lint/a11y/noStaticElementInteractions: resting on it only makes it stay.
        <div
          className={styles.toast}
          onPointerEnter={() => setPaused(true)}
          onPointerLeave={() => setPaused(false)}
          onFocus={() => setPaused(true)}
          onBlur={() => setPaused(false)}
        >
          {current.text}
          {current.undo && (
            <button type="button" className={styles.undo} onClick={undoToast}>
              {words.app.undo}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
