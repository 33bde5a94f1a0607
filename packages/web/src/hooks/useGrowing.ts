import { type RefObject, useEffect, useLayoutEffect } from 'react';

/** While it is measured, what is around it keeps its height: a timeline beside it would get higher, be clamped, and not come back. */
function fit(field: HTMLTextAreaElement): void {
  const around = field.parentElement;
  around?.style.setProperty('min-height', `${around.offsetHeight}px`);
  field.style.height = '0';
  field.style.height = `${field.scrollHeight}px`;
  around?.style.removeProperty('min-height');
}

/** A text field as high as its text; its `max-height` says where it begins to scroll. */
export function useGrowing(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text is another height.
  useLayoutEffect(() => {
    if (field.current) fit(field.current);
  }, [field, text]);
  useEffect(() => {
    const element = field.current;
    if (!element) return;
    let width = element.clientWidth;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      fit(element);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [field]);
}
