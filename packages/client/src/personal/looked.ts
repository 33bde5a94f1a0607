import type { Observable } from '../types/basics.ts';

/**
 * Looks through to whatever is there at the moment, and only while somebody looks: what is read when it is subscribed to is not
 * read for nobody.
 */
export function looked<S, T>(of: (source: S) => Observable<T>, without: T) {
  let source: S | undefined;
  let leave: (() => void) | undefined;
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  function join(): void {
    leave?.();
    leave = listeners.size > 0 && source !== undefined ? of(source).subscribe(tell) : undefined;
  }
  const view: Observable<T> = {
    get: () => (source === undefined ? without : of(source).get()),
    subscribe(listener) {
      const own = () => listener(); // the same function may subscribe twice
      listeners.add(own);
      if (listeners.size === 1) join();
      return () => {
        if (listeners.delete(own) && listeners.size === 0) join();
      };
    },
  };
  return {
    view,
    follow(next: S | undefined): void {
      source = next;
      join();
      tell();
    },
  };
}
