import type { Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useLayoutEffect } from 'react';

/**
 * When the view itself gets higher or lower (the composer grows, a bar appears, the keyboard of a phone comes), what stands
 * at its lower edge stays there.
 */
export function useStill(
  scroller: RefObject<HTMLElement | null>,
  virtualizer: Virtualizer<HTMLDivElement, Element>,
): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let height = element.clientHeight;
    let fromEnd = 0;
    // As of the last scroll: a view that shrinks has been clamped by the browser before we hear of it.
    const remember = () => {
      if (element.clientHeight === height) fromEnd = element.scrollHeight - height - element.scrollTop;
    };
    const observer = new ResizeObserver(() => {
      const before = height;
      height = element.clientHeight;
      if (before === height || before === 0) return;
      if (virtualizer.options.count === 0) return;
      element.scrollTop = element.scrollHeight - height - fromEnd;
    });
    element.addEventListener('scroll', remember, { passive: true });
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', remember);
      observer.disconnect();
    };
  }, [scroller, virtualizer]);
}
