import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../parts/cx.ts';
import styles from './Settings.module.css';
import type { Note } from './usePrefer.ts';

/** A group of settings under its name; beside the name stands what became of the last change. */
export function Card({ title, note, children }: { title: string; note?: Note | undefined; children: ReactNode }) {
  return (
    <section className={styles.card}>
      <header className={styles.cardHead}>
        <h2>{title}</h2>
        <p role="status" className={cx(styles.note, note?.failed && styles.failed)}>
          {note && !note.failed && <Check size={14} strokeWidth={2} aria-hidden="true" />}
          {note?.text}
        </p>
      </header>
      {children}
    </section>
  );
}
