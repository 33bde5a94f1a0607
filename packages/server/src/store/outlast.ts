import { setTimeout as pause } from 'node:timers/promises';
import { type Db, isCutOff } from './database.ts';

/** Asks, and asks again where a break of the database cut the answer off, once the database answers. Only for what changes nothing. */
export type Outlast = <T>(ask: () => Promise<T>) => Promise<T>;

/** A restart of PostgreSQL takes a second or two. Whoever waited so long hears what happened, and when to try again. */
const patienceMs = 3_000;
const lookEveryMs = 100;

/** Many wait and one looks, so that a database that comes back is not met by all of them at once in vain. */
export function createOutlast(db: Db): Outlast {
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    for (;;) {
      await pause(lookEveryMs, undefined, { ref: false });
      try {
        await db.query('SELECT 1');
        return;
      } catch (error) {
        if (!isCutOff(error)) return; // it is there, and has other troubles: whoever asks hears of them
      }
    }
  }

  return async ask => {
    let until: number | undefined;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!isCutOff(error)) throw error;
        until ??= performance.now() + patienceMs;
        looking ??= look().finally(() => {
          looking = undefined;
        });
        const left = until - performance.now();
        const isBack = left > 0 && (await Promise.race([looking.then(() => true), pause(left, false, { ref: false })]));
        if (!isBack) throw error;
      }
    }
  };
}
