/** Waits between tries, in milliseconds: full jitter, so that many clients do not come back as one. */
export const backoffBaseMs = 500;
export const backoffCapMs = 30_000;

/**
 * @param attempt tries that failed so far, from 0
 * @param random  0 ≤ random < 1
 * @param askedMs what the server asked for; it is never undercut, and spread by up to a fifth
 */
export function backoff(attempt: number, random: number, askedMs?: number): number {
  if (askedMs !== undefined) return Math.round(askedMs * (1 + random / 5));
  return Math.round(random * Math.min(backoffCapMs, backoffBaseMs * 2 ** Math.min(attempt, 16)));
}
