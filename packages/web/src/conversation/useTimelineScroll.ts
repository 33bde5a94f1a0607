import type { ConversationHandle, Timeline } from '@carpenter/client';
import type { Seq } from '@carpenter/protocol';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { type Item, textOf } from './items.ts';
import { useStill } from './useStill.ts';

/** As near to the end as this counts as being there, px. */
const endPx = 48;
const backWithinMs = 10 * 60_000;
const settleMs = 1_000;

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
  unreadAt: Seq | undefined;
  /** Stays drawn wherever one scrolls: it has the focus, or is being written in. */
  pinned: readonly string[];
  scroller: RefObject<HTMLDivElement | null>;
}

/** Rows that are drawn, and a view that never jumps: its end stays where it is, and so does what one looks at. */
export function useTimelineScroll({ handle, timeline, items, unreadAt, pinned, scroller }: Options) {
  const [atEnd, setAtEnd] = useState(true);
  const [scrolling, setScrolling] = useState(false);
  const opened = useRef(false);
  const startPadding = useRef(0);
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    getItemKey: index => items[index]?.key ?? index,
    estimateSize: index => estimate(items[index], scroller.current?.clientWidth ?? 800),
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: endPx,
    overscan: 12,
    paddingStart: 4,
    paddingEnd: 12,
    scrollPaddingStart: startPadding.current,
    rangeExtractor: range => {
      const drawn = defaultRangeExtractor(range);
      const more = pinned.map(key => items.findIndex(item => item.key === key));
      return [...new Set([...drawn, ...more.filter(index => index >= 0)])].sort((a, b) => a - b);
    },
  });
  useStill(scroller, virtualizer);

  // Where it opens: at what is new, where one was, or at the end.
  useLayoutEffect(() => {
    if (opened.current || timeline.phase !== 'ready' || !scroller.current) return;
    opened.current = true;
    const was = left.get(handle.id);
    left.delete(handle.id);
    const at = (key: string | undefined) => items.findIndex(item => item.key === key);
    const unread = unreadAt === undefined ? -1 : at('unread');
    const back = was && Date.now() - was.at < backWithinMs ? at(was.key) : -1;
    if (unread >= 0) startPadding.current = scroller.current.clientHeight / 3;
    else if (back >= 0 && was) startPadding.current = was.offset;
    virtualizer.setOptions({ ...virtualizer.options, scrollPaddingStart: startPadding.current });
    if (unread >= 0) virtualizer.scrollToIndex(unread, { align: 'start' });
    else if (back >= 0) virtualizer.scrollToIndex(back, { align: 'start' });
    else virtualizer.scrollToEnd();
    startPadding.current = 0;
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

  // Remember the first row in view for the way back.
  const look = useRef<() => void>(undefined);
  look.current = () => {
    const top = scroller.current?.scrollTop ?? 0;
    const row = virtualizer.getVirtualItemForOffset(top + 1);
    if (row && opened.current && !virtualizer.isAtEnd(endPx))
      left.set(handle.id, { key: String(row.key), offset: row.start - top, at: Date.now() });
  };
  useLayoutEffect(() => () => look.current?.(), []);

  const toEnd = () => {
    if (timeline.hasNewer) void handle.loadNewest().then(() => virtualizer.scrollToEnd());
    else virtualizer.scrollToEnd();
  };
  return { virtualizer, atEnd, scrolling, toEnd };
}
