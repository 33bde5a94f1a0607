const minute = 60_000;
const waits = [1, 2, 5, 10, 30, 60, 120, 240].map(minutes => minutes * minute);
/** After this it is given up. */
export const dayMs = 24 * 60 * minute;

/**
 * When to try again; undefined: not any more.
 * @param attempts  that failed so far, 1 or more
 * @param ageMs  since the first of them
 * @param atLeastMs  what the other side asked for
 */
export function nextTryInMs(attempts: number, ageMs: number, atLeastMs = 0): number | undefined {
  const wait = Math.max(waits[Math.min(attempts, waits.length) - 1] ?? minute, atLeastMs);
  return ageMs + wait > dayMs ? undefined : wait;
}
