import type { ConversationHandle, Timeline } from '@carpenter/client';
import type { Seq } from '@carpenter/protocol';
import { type RefObject, useEffect, useEffectEvent, useRef } from 'react';
import { attended, onAttention } from '../hooks/surroundings.ts';
import { halfInView, look } from './seen.ts';

/**
 * Marks as read what somebody really looked at: the page in front, half of the message in view, for 400 ms.
 * @returns stops it until the conversation is opened again, after "Mark unread from here"
 */
export function useReading(
  handle: ConversationHandle,
  timeline: Timeline,
  scroller: RefObject<HTMLElement | null>,
): () => void {
  const since = useRef<ReadonlyMap<Seq, number>>(new Map());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const paused = useRef(false);

  const check = useEffectEvent(() => {
    clearTimeout(timer.current);
    const view = scroller.current?.getBoundingClientRect();
    const { mine } = timeline;
    if (!view || !mine || paused.current || !attended()) {
      since.current = new Map();
      return;
    }
    const unreadFrom = mine.unreadFrom ?? mine.readSeq + 1;
    const inView = [...(scroller.current?.querySelectorAll<HTMLElement>('[data-seq]') ?? [])]
      .filter(row => halfInView(row.getBoundingClientRect(), view))
      .map(row => Number(row.dataset.seq))
      .filter(seq => seq >= unreadFrom);
    const seen = look(since.current, inView, performance.now());
    since.current = seen.since;
    if (seen.read !== undefined) handle.markRead(seen.read);
    if (seen.againMs !== undefined) timer.current = setTimeout(check, seen.againMs);
  });

  // After the rows have been measured and put in place.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the timeline is what asks for another look.
  useEffect(() => {
    const frame = requestAnimationFrame(() => check());
    return () => cancelAnimationFrame(frame);
  }, [timeline]);
  useEffect(() => {
    const element = scroller.current;
    const listener = () => check();
    element?.addEventListener('scroll', listener, { passive: true });
    const ignore = onAttention(listener);
    return () => {
      element?.removeEventListener('scroll', listener);
      ignore();
      clearTimeout(timer.current);
    };
  }, [scroller]);
  return () => {
    paused.current = true;
  };
}
