import { setTimeout as pause } from 'node:timers/promises';
import { type Db, isCutOff } from './database.ts';

/** Asks, and asks again where a break of the database cut the answer off, once the database answers. Only for what changes nothing. */
export type Outlast = <T>(ask: () => Promise<T>) => Promise<T>;

/** A restart of PostgreSQL takes a second or two. Whoever waited so long, or asks later than that, hears at once what happened. */
const patienceMs = 3_000;
const lookEveryMs = 100;
/** … of a database that is away for longer. */
const lookLaterMs = 1_000;

/** Many wait and one looks, so that a database that comes back is not met by all of them at once in vain. */
export function createOutlast(db: Db): Outlast {
  let outage: { readonly until: number; readonly over: Promise<void> } | undefined;

  async function look(until: number): Promise<void> {
    for (;;) {
      await pause(performance.now() < until ? lookEveryMs : lookLaterMs, undefined, { ref: false });
      try {
        await db.query('SELECT 1');
        return;
      } catch (error) {
        if (!isCutOff(error)) return; // it is there, and has other troubles: whoever asks hears of them
      }
    }
  }

  function begin(): NonNullable<typeof outage> {
    const until = performance.now() + patienceMs;
    const over = look(until).finally(() => {
      outage = undefined;
    });
    return { until, over };
  }

  return async ask => {
    let until: number | undefined;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!isCutOff(error)) throw error;
        outage ??= begin();
        until ??= outage.until;
        const left = until - performance.now();
        const isOver =
          left > 0 && (await Promise.race([outage.over.then(() => true), pause(left, false, { ref: false })]));
        if (!isOver) throw error;
      }
    }
  };
}
