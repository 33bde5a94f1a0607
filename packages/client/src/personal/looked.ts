import { derived } from '../observable.ts';
import type { Observable } from '../types.ts';

/**
 * Looks through to whatever is there at the moment, and only while somebody looks: what is read when it is subscribed to is not
 * read for nobody.
 */
export function looked<S, T>(of: (source: S) => Observable<T>, without: T) {
  let source: S | undefined;
  let watchers = 0;
  let leave: (() => void) | undefined;
  const value = derived<T>(() => (source === undefined ? without : of(source).get()));
  function join(): void {
    leave?.();
    leave = watchers > 0 && source !== undefined ? of(source).subscribe(value.stale) : undefined;
  }
  const view: Observable<T> = {
    get() {
      if (watchers === 0) value.stale(); // nobody has told us of changes
      return value.get();
    },
    subscribe(listener) {
      const unsubscribe = value.subscribe(listener);
      if (watchers++ === 0) join();
      value.stale();
      let over = false;
      return () => {
        unsubscribe();
        if (!over && --watchers === 0) join();
        over = true;
      };
    },
  };
  return {
    view,
    follow(next: S | undefined): void {
      source = next;
      join();
      value.stale();
    },
  };
}
