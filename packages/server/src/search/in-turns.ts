import { setImmediate as othersTurn } from 'node:timers/promises';

/** So long others wait. */
const turnMs = 10;

/** Does something with each of them, one after the other, and lets others in between: a page of long messages is seconds of work. */
export async function inTurns<T, R>(list: readonly T[], work: (one: T) => R): Promise<R[]> {
  const done: R[] = [];
  let began = performance.now();
  for (const one of list) {
    done.push(work(one));
    if (performance.now() - began < turnMs) continue;
    await othersTurn();
    began = performance.now();
  }
  return done;
}
