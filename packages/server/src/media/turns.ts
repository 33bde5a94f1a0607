/** One piece of work at a time. Those who wait get their turns person by person: whoever brings much waits for themselves. */
export type Turns = <T>(who: string, work: () => Promise<T>) => Promise<T>;

/**
 * @param most  pieces that may wait, of one person and of all
 * @param full  called instead of waiting where these are reached (it throws)
 */
export function createTurns(most: { readonly ofOne: number; readonly ofAll: number }, full: () => never): Turns {
  // The first person is the next one; who had a turn goes behind all others.
  const lines = new Map<string, (() => void)[]>();
  let waiting = 0;
  let busy = false;

  function handOn(): void {
    const [first] = lines;
    if (!first) {
      busy = false;
      return;
    }
    const [who, line] = first;
    const go = line.shift();
    lines.delete(who);
    if (line.length > 0) lines.set(who, line);
    waiting--;
    go?.();
  }

  return async (who, work) => {
    if (busy) {
      const line = lines.get(who) ?? [];
      if (waiting >= most.ofAll || line.length >= most.ofOne) full();
      waiting++;
      const turn = Promise.withResolvers<void>();
      line.push(turn.resolve);
      lines.set(who, line);
      await turn.promise;
    }
    busy = true;
    try {
      return await work();
    } finally {
      handOn();
    }
  };
}
