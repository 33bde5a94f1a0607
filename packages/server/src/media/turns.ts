import { createRecent } from '../recent.ts';

/**
 * One piece of work at a time. Next is whoever took least of it lately: many, or dear, pieces of a few people hold nobody else up for
 * longer than the one that is under way.
 */
export type Turns = <T>(who: string, work: () => Promise<T>) => Promise<T>;

type Turn = ReturnType<typeof Promise.withResolvers<void>>;

/**
 * @param most  pieces that may wait, of one person and of all. Where all places are taken, the last one of the longest line goes out
 *   for whoever has fewer.
 * @param full  what is thrown to whom no place is left
 */
export function createTurns(
  most: { readonly ofOne: number; readonly ofAll: number },
  full: () => Error,
  now: () => number = () => performance.now(),
): Turns {
  /** Nobody's line is empty. Who had a turn goes behind all others. */
  const lines = new Map<string, Turn[]>();
  /** Ms that somebody's pieces took, until a minute without any. */
  const took = createRecent<string, number>(10_000, 60_000);
  let waiting = 0;
  let busy = false;

  /** Less than 0: the first goes before the second. Of two who took the same, whoever has fewer waiting. */
  const order = ([a, its]: [string, Turn[]], [b, others]: [string, Turn[]]): number =>
    (took.get(a) ?? 0) - (took.get(b) ?? 0) || its.length - others.length;

  function handOn(): void {
    const [next] = [...lines].sort(order);
    if (!next) {
      busy = false;
      return;
    }
    const [who, line] = next;
    const turn = line.shift();
    lines.delete(who);
    if (line.length > 0) lines.set(who, line);
    waiting--;
    turn?.resolve();
  }

  /** One of somebody who has more than `mine` waiting, if there is such. */
  function makeRoom(mine: number): boolean {
    const longest = [...lines.values()].reduce<Turn[]>((most, line) => (line.length > most.length ? line : most), []);
    if (longest.length <= mine + 1) return false;
    longest.pop()?.reject(full());
    waiting--;
    return true;
  }

  function wait(who: string): Promise<void> {
    const line = lines.get(who) ?? [];
    if (line.length >= most.ofOne || (waiting >= most.ofAll && !makeRoom(line.length))) throw full();
    const turn: Turn = Promise.withResolvers();
    waiting++;
    line.push(turn);
    lines.set(who, line);
    return turn.promise;
  }

  return async (who, work) => {
    if (busy) await wait(who);
    busy = true;
    const begun = now();
    try {
      return await work();
    } finally {
      took.set(who, (took.get(who) ?? 0) + now() - begun);
      handOn();
    }
  };
}
