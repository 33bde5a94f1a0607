/** In the order in which they stand; of places without messages the whole page is one. */
const regions = ['#conversations', '#messages', '#composer', 'main:not(:has(#composer))', 'aside'];

/** To the first stop of the keyboard in a region: itself, its row with tabindex 0, or its first link. */
export function enter(region: Element | null): void {
  const stop = region?.matches('textarea')
    ? region
    : region?.querySelector('[tabindex="0"], a, button, input, textarea');
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
