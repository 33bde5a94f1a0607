import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Db } from '../store/database.ts';
import { sweepRateLimits } from '../store/rate-limits.ts';
import { createLimiter } from './limiter.ts';

/** Counts by key, for all nodes together. */
export interface SharedLimiter {
  /** Takes `cost` (one). @returns 0: go on; else the milliseconds after which it would work. Then nothing was taken. */
  take(key: string, cost?: number): Promise<number>;
  giveBack(key: string, cost?: number): Promise<void>;
}

export interface SharedLimits {
  /** `amount` in each `windowMs`, which begins with the first one. More than the amount at once costs the whole of it. */
  limiter(kind: string, amount: number, windowMs: number): SharedLimiter;
  close(): void;
}

/** While PostgreSQL does not answer, each node counts for itself, and asks it again after so long. */
const awayMs = 5_000;
const sweepEveryMs = 5 * 60_000;

/**
 * For what is slow or bears security. It costs a statement each time, so frames, bytes and requests are counted in memory
 * (`createLimiter`). Windows go by the clocks of the nodes: they may be some seconds off.
 */
export function createSharedLimits(db: Db, log: Logger): SharedLimits {
  let awayUntil = 0;
  const sweeping = setInterval(() => {
    sweepRateLimits(db).catch(error => log.debug({ err: error }, 'old counts could not be swept'));
  }, sweepEveryMs);
  sweeping.unref();

  /** @returns undefined: PostgreSQL is away */
  async function ask<T>(question: () => Promise<T>): Promise<T | RateLimiterRes | undefined> {
    if (performance.now() < awayUntil) return undefined;
    try {
      return await question();
    } catch (error) {
      if (error instanceof RateLimiterRes) return error; // the library's way to say no
      awayUntil = performance.now() + awayMs;
      log.warn({ err: error }, 'what is done how often is counted by this node alone for a while');
      return undefined;
    }
  }

  return {
    limiter(kind, amount, windowMs) {
      const alone = createLimiter(amount, windowMs);
      const shared = new RateLimiterPostgres({
        storeClient: db,
        storeType: 'pool',
        tableName: 'rate_limits',
        tableCreated: true, // by a migration
        clearExpiredByTimeout: false,
        keyPrefix: kind,
        points: amount,
        duration: windowMs / 1_000,
      });
      const keyOf = (key: string) => createHash('sha256').update(key).digest('base64url');
      const within = (cost: number) => Math.min(cost, amount);
      return {
        async take(key, cost = 1) {
          const points = within(cost);
          const answer = await ask(() => shared.consume(keyOf(key), points));
          if (answer === undefined) return alone.take(key, points);
          if (answer.consumedPoints <= amount) return 0;
          await ask(() => shared.reward(keyOf(key), points));
          return Math.max(1, answer.msBeforeNext);
        },
        async giveBack(key, cost = 1) {
          const points = within(cost);
          if ((await ask(() => shared.reward(keyOf(key), points))) === undefined) alone.giveBack(key, points);
        },
      };
    },
    close: () => clearInterval(sweeping),
  };
}
