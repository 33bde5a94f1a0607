/**
 * Lets what has to be looked up before a step overtake nothing: steps of one key are taken in the order in which they were
 * asked for, each when its preparation is there. A step whose preparation is at hand, with nothing before it, is taken at once.
 */
export interface InOrder {
  run<P, T>(key: string, prepared: P | Promise<P>, step: (prepared: P) => Promise<T>): Promise<T>;
}

export function createInOrder(): InOrder {
  const last = new Map<string, Promise<unknown>>();

  async function wait<P, T>(key: string, prepared: P | Promise<P>, step: (prepared: P) => Promise<T>): Promise<T> {
    const before = last.get(key);
    const taken = Promise.allSettled([before, prepared]);
    last.set(key, taken);
    await taken;
    if (last.get(key) === taken) last.delete(key);
    return step(await prepared);
  }

  return {
    run: (key, prepared, step) =>
      prepared instanceof Promise || last.has(key) ? wait(key, prepared, step) : step(prepared),
  };
}
