import type { ConversationHandle, Timeline } from '@carpenter/client';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { type Item, textOf } from './items.ts';
import { endPx, useStill } from './useStill.ts';

const backWithinMs = 10 * 60_000;
const settleMs = 1_000;
/** Further than any timeline is high: it begins at its end. */
const beyond = 1e7;

/** Where somebody was, scrolled up, when they left a conversation. */
const left = new Map<string, { key: string; offset: number; at: number }>();

function estimate(item: Item | undefined, width: number): number {
  if (item?.kind !== 'message') return item?.kind === 'system' ? 30 : 40;
  const perLine = Math.max(20, Math.min(width - 80, 720) / 7.4);
  const lines = textOf(item.entry)
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / perLine)), 0);
  return lines * 23 + (item.first ? 30 : 18) + (item.state ? 24 : 0);
}

interface Options {
  handle: ConversationHandle;
  timeline: Timeline;
  items: readonly Item[];
  /** Stays drawn wherever one scrolls: it has the focus, or is being written in. */
  pinned: readonly string[];
  scroller: RefObject<HTMLDivElement | null>;
}

/** Which rows are drawn, where the view opens, and how it gets elsewhere. */
export function useTimelineScroll({ handle, timeline, items, pinned, scroller }: Options) {
  const [atEnd, setAtEnd] = useState(true);
  const [scrolling, setScrolling] = useState(false);
  const [opened, setOpened] = useState(false);
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    getItemKey: index => items[index]?.key ?? index,
    estimateSize: index => estimate(items[index], scroller.current?.clientWidth ?? 800),
    initialOffset: beyond,
    anchorTo: 'end',
    overscan: 12,
    paddingStart: 4,
    paddingEnd: 12,
    rangeExtractor: range => {
      const more = pinned.map(key => items.findIndex(item => item.key === key)).filter(index => index >= 0);
      return [...new Set([...defaultRangeExtractor(range), ...more])].sort((a, b) => a - b);
    },
  });
  // Whatever begins above the view may turn out higher or lower: what is in view stays.
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = item => item.start < (virtualizer.scrollOffset ?? 0);
  const still = useStill(scroller, virtualizer, items);

  const toEnd = () => {
    if (timeline.hasNewer) void handle.loadNewest().then(still.stick);
    else still.stick();
  };

  // Where it opens: at what is new, where one was, or at the end.
  useLayoutEffect(() => {
    if (opened || timeline.phase !== 'ready' || !scroller.current) return;
    setOpened(true);
    const was = left.get(handle.id);
    left.delete(handle.id);
    const unread = items.find(item => item.kind === 'unread');
    const back = was && Date.now() - was.at < backWithinMs && items.some(item => item.key === was.key);
    if (unread) still.hold(unread.key, scroller.current.clientHeight / 3);
    else if (back) still.hold(was.key, was.offset);
    else still.stick();
  });

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout>;
    const onScroll = () => {
      setAtEnd(element.scrollHeight - element.clientHeight - element.scrollTop <= endPx);
      setScrolling(true);
      clearTimeout(timer);
      timer = setTimeout(() => setScrolling(false), settleMs);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      element.removeEventListener('scroll', onScroll);
      clearTimeout(timer);
    };
  }, [scroller]);

  // The way back: which message is the first in view.
  const leave = useRef<() => void>(undefined);
  leave.current = () => {
    const top = scroller.current?.scrollTop ?? 0;
    const row = virtualizer.getVirtualItems().find(each => each.end > top && items[each.index]?.kind === 'message');
    if (row && opened && !atEnd) left.set(handle.id, { key: String(row.key), offset: row.start - top, at: Date.now() });
  };
  useLayoutEffect(() => () => leave.current?.(), []);

  return { virtualizer, atEnd, scrolling, opened, hold: still.hold, toEnd };
}
