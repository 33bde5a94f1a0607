import type { Observable } from '@carpenter/client';

export interface Store<T> extends Observable<T> {
  readonly set: (next: T) => void;
}

/** The smallest observable there is, for what the page itself keeps. */
export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: next => {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
