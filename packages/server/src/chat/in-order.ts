import type { Id } from '@carpenter/protocol';

/** What one person writes in one conversation, new or changed. */
export const writingOf = ({ userId }: { readonly userId: Id }, conversationId: Id): string =>
  `${userId} ${conversationId}`;

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
    const taken = Promise.allSettled([prepared, last.get(key)]);
    last.set(key, taken);
    const [ready] = await taken;
    // from here to the step nothing may be waited for: what comes once the key is free is taken at once
    if (last.get(key) === taken) last.delete(key);
    if (ready.status === 'rejected') throw ready.reason;
    return step(ready.value);
  }

  return {
    run: (key, prepared, step) =>
      prepared instanceof Promise || last.has(key) ? wait(key, prepared, step) : step(prepared),
  };
}
