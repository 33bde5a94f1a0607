import type { ConversationHandle, Timeline } from '@carpenter/client';
import type { Seq } from '@carpenter/protocol';
import type { Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Item } from './items.ts';

const markedMs = 1_600;

/** Where one was: a message, and how far from the upper edge, px. */
interface Spot {
  readonly seq: Seq;
  readonly offset: number;
}

export interface Jump {
  readonly to: (seq: Seq) => void;
  /** The message one has just been brought to. */
  readonly marked: Seq | undefined;
  /** Back to where one was before; missing when nobody jumped. */
  readonly back: (() => void) | undefined;
}

interface Options {
  handle: ConversationHandle;
  timeline: Timeline;
  items: readonly Item[];
  virtualizer: Virtualizer<HTMLDivElement, Element>;
  scroller: RefObject<HTMLDivElement | null>;
  hold: (key: string, offset: number) => void;
  /** At the end there is no way back any more. */
  atEnd: boolean;
}

const seqAt = (item: Item | undefined) =>
  item?.kind === 'message' && item.entry.kind === 'stored'
    ? item.entry.message.seq
    : item?.kind === 'system'
      ? item.messages.at(-1)?.seq
      : undefined;
const has = (item: Item, seq: Seq) =>
  item.kind === 'system' ? item.messages.some(message => message.seq === seq) : seqAt(item) === seq;

/** Brings a message into the middle of the view, loads it where it must, marks it, gives it the focus, and knows the way back. */
export function useJump({ handle, timeline, items, virtualizer, scroller, hold, atEnd }: Options): Jump {
  const [target, setTarget] = useState<Spot & { n: number; center: boolean }>();
  const [marked, setMarked] = useState<Seq>();
  const [origin, setOrigin] = useState<Spot>();
  const done = useRef(0);
  const count = useRef(0);

  const here = (): Spot | undefined => {
    const top = scroller.current?.scrollTop ?? 0;
    for (const row of virtualizer.getVirtualItems()) {
      const seq = seqAt(items[row.index]);
      if (seq !== undefined && row.start >= top) return { seq, offset: row.start - top };
    }
    return undefined;
  };
  const go = (spot: Spot, center: boolean) => {
    count.current++;
    const next = { ...spot, n: count.current, center };
    const loaded = items.some(item => has(item, spot.seq));
    // A message that cannot be loaded leaves the view where it is.
    if (loaded) setTarget(next);
    else
      void handle.loadAround(spot.seq).then(
        () => setTarget(next),
        () => {},
      );
  };

  useLayoutEffect(() => {
    if (!target || done.current === target.n || timeline.phase !== 'ready') return;
    const index = items.findIndex(item => has(item, target.seq));
    const item = items[index];
    const view = scroller.current;
    if (!item || !view) return;
    done.current = target.n;
    const size = virtualizer.measurementsCache[index]?.size ?? 40;
    hold(item.key, target.center ? Math.max(40, (view.clientHeight - size) / 2) : target.offset);
    if (target.center) setMarked(target.seq);
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        view.querySelector<HTMLElement>(`article[data-seq="${target.seq}"]`)?.focus({ preventScroll: true }),
      ),
    );
  });
  useEffect(() => {
    if (marked === undefined) return;
    const timer = setTimeout(() => setMarked(undefined), markedMs);
    return () => clearTimeout(timer);
  }, [marked]);
  const arrived = atEnd && !timeline.hasNewer && marked === undefined;
  useEffect(() => {
    if (arrived) setOrigin(undefined);
  }, [arrived]);

  return {
    marked,
    to: seq => {
      setOrigin(before => before ?? here());
      go({ seq, offset: 0 }, true);
    },
    back:
      origin &&
      (() => {
        setOrigin(undefined);
        go(origin, false);
      }),
  };
}
