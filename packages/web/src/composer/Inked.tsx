import { type ReactNode, type RefObject, useLayoutEffect, useMemo, useRef } from 'react';
import { cx } from '../parts/cx.ts';
import styles from './Inked.module.css';
import { inkOf } from './ink.ts';

interface Props {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  /** The field itself. */
  children: ReactNode;
}

/** Whoever pastes more marks than that sees them as they are. */
const mostInks = 2_000;

/**
 * Shows in a plain text field how its text will look. The field keeps the caret, the selection and all that assistive technology
 * knows; over its text, which is not painted then, the same text lies with its looks. None of them changes how wide a letter is.
 */
export function Inked({ field, text, children }: Props) {
  const over = useRef<HTMLDivElement>(null);
  const inks = useMemo(() => inkOf(text), [text]);
  const plain = inks.length > mostInks || inks.every(({ looks }) => looks.length === 0);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element || plain) return;
    const follow = () => over.current?.scrollTo(0, element.scrollTop);
    follow();
    element.addEventListener('scroll', follow);
    return () => element.removeEventListener('scroll', follow);
  });
  return (
    <div className={cx(styles.field, !plain && styles.inked)}>
      {children}
      {!plain && (
        <div ref={over} className={styles.over} dir="auto" aria-hidden="true" data-ink>
          {inks.map(({ text, looks }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they are known by their place.
            <span key={at} className={cx(...looks.map(look => styles[look]))}>
              {text}
            </span>
          ))}
          {/* The last line counts also while it is empty. */}
          {'\u200b'}
        </div>
      )}
    </div>
  );
}
