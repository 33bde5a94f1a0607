/**
 * Of those who do the same thing only the last to come goes on: it has the one before it stop, and waits until that has ended.
 * @param what  what must not be done twice at once
 * @param stop  makes `work` end soon
 */
export type Latest = <T>(what: string, stop: () => void, work: () => Promise<T>) => Promise<T>;

export function createLatest(): Latest {
  const last = new Map<string, { stop(): void; readonly ended: Promise<void> }>();

  return async (what, stop, work) => {
    const before = last.get(what);
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const mine = { stop, ended };
    last.set(what, mine);
    try {
      before?.stop();
      await before?.ended;
      return await work();
    } finally {
      if (last.get(what) === mine) last.delete(what);
      end();
    }
  };
}
