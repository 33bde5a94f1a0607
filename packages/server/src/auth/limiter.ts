import { createRecent } from '../recent.ts';

/** Counts by key. Memory is bounded: of more than 100,000 keys the one longest unused is forgotten. */
export interface Limiter {
  /** Takes `cost` (one). @returns 0: go on; else the milliseconds after which it would work. Then nothing was taken. */
  take(key: string, cost?: number): number;
  giveBack(key: string, cost?: number): void;
}

/**
 * A bucket of `amount` tokens that refills evenly over `windowMs` (GCRA: one number a key, the time at which it would be full).
 * One node's view, and no statement for it: for what is asked all day (`createSharedLimits` counts for all nodes).
 */
export function createLimiter(amount: number, windowMs: number): Limiter {
  const fullAt = createRecent<string, number>(100_000);
  const step = windowMs / amount;
  return {
    take(key, cost = 1) {
      const now = performance.now();
      const next = Math.max(fullAt.get(key) ?? 0, now) + step * cost;
      const wait = Math.ceil(next - now - windowMs - 0.01); // a hundredth: sums of fractions are never exact
      if (wait > 0) return wait;
      fullAt.set(key, next);
      return 0;
    },
    giveBack(key, cost = 1) {
      const next = fullAt.get(key);
      if (next !== undefined) fullAt.set(key, next - step * cost);
    },
  };
}
