import type { ConversationHandle, Timeline } from '@carpenter/client';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { said } from '../words/failures.ts';

export interface Older {
  readonly loading: boolean;
  readonly failed: string | undefined;
  readonly retry: () => void;
}

/** Loads the next page when less than two screens of older messages are left, and newer ones after a jump. */
export function useOlder(
  handle: ConversationHandle,
  timeline: Timeline,
  scroller: RefObject<HTMLElement | null>,
  /** Index of the first row that is drawn; `undefined`: it is not decided yet where the view opens. */
  firstDrawn: number | undefined,
): Older {
  const [loading, setLoading] = useState(false);
  const [failed, setFailed] = useState<string>();
  const busy = useRef(false);
  const { hasOlder, hasNewer, phase } = timeline;

  const load = async (page: () => Promise<void>) => {
    if (busy.current) return;
    busy.current = true;
    setLoading(true);
    setFailed(undefined);
    try {
      await page();
    } catch (error) {
      setFailed(said(error));
    } finally {
      busy.current = false;
      setLoading(false);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolling and new pages ask for another look.
  useEffect(() => {
    const element = scroller.current;
    if (!element || phase !== 'ready' || failed || firstDrawn === undefined) return;
    const near = 2 * element.clientHeight;
    if (hasOlder && element.scrollTop < near) void load(handle.loadOlder);
    else if (hasNewer && element.scrollHeight - element.clientHeight - element.scrollTop < near)
      void load(handle.loadNewer);
  }, [handle, hasOlder, hasNewer, phase, failed, firstDrawn, timeline.messages.length, loading]);
  return { loading, failed, retry: () => setFailed(undefined) };
}
