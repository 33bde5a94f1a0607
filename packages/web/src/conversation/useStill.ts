import type { Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { Item } from './items.ts';

/** As near to the end as this counts as being there, px. */
export const endPx = 48;
const heldAtEndMs = 300;

/**
 * What does not move. `end`: the end of the timeline, whatever comes. `held`: the row one was brought to, until one scrolls.
 * `seen`: the first message that is wholly in view. Offsets are from the upper edge of the view, px.
 */
type Anchor =
  | { readonly at: 'end' }
  | { readonly at: 'held' | 'seen'; readonly key: string | undefined; readonly offset: number };

export interface Still {
  /** Goes to the end and stays there until somebody scrolls up. */
  readonly stick: () => void;
  /** Brings a row to this distance from the upper edge. */
  readonly hold: (key: string, offset: number) => void;
}

/**
 * The view does not jump. Its anchor stays in place when rows come, go and turn out higher than thought; and when the view
 * itself gets higher or lower (the field grows, a bar appears, a keyboard comes), its lower edge stays where it is.
 */
export function useStill(
  scroller: RefObject<HTMLElement | null>,
  virtualizer: Virtualizer<HTMLDivElement, Element>,
  items: readonly Item[],
): Still {
  const anchor = useRef<Anchor>({ at: 'end' });
  const last = useRef({ top: 0, height: 0, total: 0 });
  const shown = useRef(items);

  const fromEnd = (element: HTMLElement) => element.scrollHeight - element.clientHeight - element.scrollTop;
  const scrollTo = (element: HTMLElement, top: number) => {
    if (Math.abs(top - element.scrollTop) > 1) element.scrollTop = top;
  };
  /** Where a row begins, as measured by now. */
  const startOf = (key: string | undefined) => {
    virtualizer.getTotalSize(); // takes in what was measured while the rows were drawn
    return virtualizer.measurementsCache[shown.current.findIndex(item => item.key === key)]?.start;
  };
  const remember = (element: HTMLElement) => {
    last.current = { top: element.scrollTop, height: element.clientHeight, total: element.scrollHeight };
    if (anchor.current.at !== 'seen') return;
    const rows = virtualizer.getVirtualItems().filter(each => shown.current[each.index]?.kind === 'message');
    const row = rows.find(each => each.start >= element.scrollTop) ?? rows.at(-1);
    anchor.current = { at: 'seen', key: row && String(row.key), offset: row ? row.start - element.scrollTop : 0 };
  };

  /** After rows came or went, or the view changed its height. */
  const settle = (element: HTMLElement, changed: boolean) => {
    const { top, height, total } = last.current;
    const { current } = anchor;
    // Nothing has another size: a click that only draws something anew may not move what it is aimed at.
    if (!changed && element.scrollHeight === total && element.clientHeight === height) return remember(element);
    const lower = height === 0 ? 0 : element.clientHeight - height;
    if (current.at === 'end') scrollTo(element, element.scrollHeight - element.clientHeight);
    else if (current.at === 'held') scrollTo(element, (startOf(current.key) ?? element.scrollTop) - current.offset);
    else {
      const start = changed ? startOf(current.key) : undefined;
      // A view that grew near the end has been clamped by the browser before we hear of it.
      const clamped = lower > 0 && element.scrollTop < top;
      const stood = start !== undefined ? start - current.offset : clamped ? top : element.scrollTop;
      scrollTo(element, stood - lower);
    }
    remember(element);
  };

  useLayoutEffect(() => {
    const before = shown.current;
    shown.current = items;
    const changed = before.length !== items.length || before.some((item, index) => item.key !== items[index]?.key);
    if (scroller.current) settle(scroller.current, changed);
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: they only use refs.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onScroll = () => {
      const { top, height, total } = last.current;
      // Only somebody's own scrolling moves a view whose sizes stayed as they were. Of others it may be heard here first.
      if (element.clientHeight !== height || element.scrollHeight !== total) return settle(element, false);
      const by = element.scrollTop - top;
      if (by > 1 && fromEnd(element) <= endPx) anchor.current = { at: 'end' };
      else if (anchor.current.at === 'end' ? by < -1 && fromEnd(element) > endPx : Math.abs(by) > 1)
        anchor.current = { at: 'seen', key: undefined, offset: 0 };
      remember(element);
    };
    const observer = new ResizeObserver(() => settle(element, false));
    // Before the virtualizer hears of it, and draws other rows.
    element.addEventListener('scroll', onScroll, { passive: true, capture: true });
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', onScroll, { capture: true });
      observer.disconnect();
    };
  }, [scroller]);

  const put = (next: Anchor) => {
    anchor.current = next;
    if (scroller.current) settle(scroller.current, true);
  };
  return {
    stick: () => put({ at: 'end' }),
    hold: (key, offset) => {
      put({ at: 'held', key, offset });
      // Not enough below it to bring it there: then one is at the end.
      setTimeout(() => {
        const element = scroller.current;
        if (element && anchor.current.at === 'held' && fromEnd(element) <= endPx) put({ at: 'end' });
      }, heldAtEndMs);
    },
  };
}
