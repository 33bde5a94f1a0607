/** In the order in which they stand; of places without messages the whole page is one. */
const regions = ['#conversations', '#messages', '#composer', 'main:not(:has(#composer))', 'aside'];

/**
 * To the stop of the keyboard in a region: itself, its message of now (or, where that is far out of view and not drawn, its last one),
 * its row of now, or what Tab would come to first.
 */
export function enter(region: Element | null): void {
  const stop = region?.matches('textarea')
    ? region
    : (region?.querySelector('article[tabindex="0"]') ??
      [...(region?.querySelectorAll('article[tabindex]') ?? [])].at(-1) ??
      region?.querySelector('[tabindex="0"]') ??
      region?.querySelector(':is(a, button, input, textarea):not([tabindex="-1"])'));
  if (stop instanceof HTMLElement) stop.focus();
}

/** From the region that has the focus, or stands before it, to its neighbour, around the ends. */
export function toNeighbour(step: 1 | -1): void {
  const there = regions
    .flatMap(selector => document.querySelector(selector) ?? [])
    .filter(region => region.checkVisibility() && region.closest('[inert]') === null);
  const focus = document.activeElement ?? document.body;
  const at = there.findLastIndex(
    region =>
      region.contains(focus) || (region.compareDocumentPosition(focus) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
  );
  enter(there.at((Math.max(at, step === 1 ? -1 : 0) + step) % there.length) ?? null);
}
