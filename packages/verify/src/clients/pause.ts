import { setTimeout } from 'node:timers/promises';

/** Waits, unless `signal` ends it before. Never rejects. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  setTimeout(ms, undefined, { signal }).catch(() => {});

/**
 * Full jitter: half a second, doubled with each try that failed, and never less than the server asked for.
 * The protocol allows up to 30 s; a run would spend its minutes waiting.
 */
export function backoff(attempt: number, chance: number, askedMs?: number): number {
  if (askedMs !== undefined) return askedMs * (1 + chance / 5);
  return chance * Math.min(8_000, 500 * 2 ** Math.min(attempt, 5));
}
