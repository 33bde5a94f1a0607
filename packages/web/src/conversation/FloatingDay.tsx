import type { Virtualizer } from '@tanstack/react-virtual';
import type { RefObject } from 'react';
import { dayName } from '../words/times.ts';
import type { Item } from './items.ts';
import styles from './Pills.module.css';

interface Props {
  items: readonly Item[];
  virtualizer: Virtualizer<HTMLDivElement, Element>;
  scroller: RefObject<HTMLElement | null>;
  shown: boolean;
  now: number;
}

/** The day one scrolls through; fades a second after one stops. For eyes only: the day lines say it too. */
export function FloatingDay({ items, virtualizer, scroller, shown, now }: Props) {
  const top = scroller.current?.scrollTop ?? 0;
  const item = items[virtualizer.getVirtualItemForOffset(top)?.index ?? -1];
  if (!item?.at) return null;
  return (
    <div className={styles.day} data-shown={shown || undefined} aria-hidden="true">
      {dayName(item.at, now)}
    </div>
  );
}
