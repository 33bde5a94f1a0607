import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { createRecent } from '../recent.ts';
import type { Db } from '../store/database.ts';
import { sweepRateLimits } from '../store/rate-limits.ts';
import { createLimiter } from './limiter.ts';

/** Counts by key, for all nodes together. */
export interface SharedLimiter {
  /** Takes `cost` (one). @returns 0: go on; else the milliseconds after which it would work. Then nothing was taken. */
  take(key: string, cost?: number): Promise<number>;
  giveBack(key: string, cost?: number): Promise<void>;
  /** What `take` would say, as far as this node remembers: it costs nothing. */
  waitMs(key: string, cost?: number): number;
}

export interface SharedLimits {
  /** `amount` in each `windowMs`, which begins with the first one. More than the amount at once costs the whole of it. */
  limiter(kind: string, amount: number, windowMs: number): SharedLimiter;
  close(): void;
}

/** While PostgreSQL does not answer, each node counts for itself, and asks it again after so long. */
const awayMs = 5_000;
const sweepEveryMs = 5 * 60_000;
/** Whoever was refused is refused so long without asking PostgreSQL: a flood costs nothing, and what another node gives back counts soon. */
const rememberedMs = 10_000;
/** A window that ends later than this after its length was begun by a clock that was wrong: it begins anew. */
const clocksOffMs = 60_000;

/**
 * For what is slow or bears security. It costs a statement each time, so frames, bytes and requests are counted in memory
 * (`createLimiter`). Windows go by the clocks of the nodes: they may be some seconds off.
 * @param rememberedMax  of each kind: who was refused last
 */
export function createSharedLimits(db: Db, log: Logger, rememberedMax = 10_000): SharedLimits {
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
      const refused = createRecent<string, { readonly points: number; readonly until: number }>(
        rememberedMax,
        rememberedMs,
      );
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
      const waitMs = (key: string, cost = 1) => {
        const last = refused.get(keyOf(key));
        if (!last || within(cost) < last.points) return 0;
        return Math.max(0, Math.ceil(last.until - performance.now()));
      };
      return {
        waitMs,
        async take(key, cost = 1) {
          const remembered = waitMs(key, cost);
          if (remembered > 0) return remembered;
          const points = within(cost);
          const consume = () => ask(() => shared.consume(keyOf(key), points));
          let answer = await consume();
          if (answer && answer.consumedPoints > amount && answer.msBeforeNext > windowMs + clocksOffMs) {
            await ask(() => shared.delete(keyOf(key)));
            answer = await consume();
          }
          if (answer === undefined) return alone.take(key, points);
          if (answer.consumedPoints <= amount) return 0;
          await ask(() => shared.reward(keyOf(key), points));
          const wait = Math.max(1, answer.msBeforeNext);
          refused.set(keyOf(key), { points, until: performance.now() + wait });
          return wait;
        },
        async giveBack(key, cost = 1) {
          const points = within(cost);
          refused.delete(keyOf(key));
          if ((await ask(() => shared.reward(keyOf(key), points))) === undefined) alone.giveBack(key, points);
        },
      };
    },
    close: () => clearInterval(sweeping),
  };
}
