import { type Id, refusal, refuse } from '@carpenter/protocol';
import type { Outlast } from '../store/outlast.ts';

/**
 * What somebody only asks, over whichever door, in their turn: of one person so many questions are under way at a time. Whoever asks
 * for much waits for themselves; others find connections to the database free. What is sent never waits here. A short break of the
 * database is waited out.
 * Called by the doors, and never inside of another question.
 */
export type Questions = <T>(userId: Id, answer: () => Promise<T>) => Promise<T>;

/** Half of the connections for reading. */
const atOnceMax = 4;
/** More than a hundred connections and a hundred requests ask, unless they hang up and ask again. */
const waitingMax = 1_000;
const full = { retryAfterMs: 1_000 };

/** @param waitMaxMs  who waited for so long hears `overloaded`: as long as the database may take for an answer */
export function createQuestions(outlast: Outlast, waitMaxMs = 5_000): Questions {
  const people = new Map<Id, { underWay: number; readonly waiting: Set<() => void> }>();

  function turn(waiting: Set<() => void>): Promise<void> {
    if (waiting.size >= waitingMax) refuse('overloaded', full);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const go = () => {
      clearTimeout(impatience);
      resolve();
    };
    const impatience = setTimeout(() => {
      waiting.delete(go);
      reject(refusal('overloaded', full));
    }, waitMaxMs);
    waiting.add(go);
    return promise;
  }

  return async (userId, answer) => {
    const mine = people.get(userId) ?? { underWay: 0, waiting: new Set() };
    people.set(userId, mine);
    if (mine.underWay < atOnceMax) mine.underWay++;
    else await turn(mine.waiting);
    try {
      return await outlast(answer);
    } finally {
      const [next] = mine.waiting;
      if (next) {
        mine.waiting.delete(next); // it takes over this place
        next();
      } else if (--mine.underWay === 0) people.delete(userId);
    }
  };
}
