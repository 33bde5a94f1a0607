import { type Cell, cell } from '../observable.ts';
import type { Observable } from '../types/basics.ts';

/** An observable that is filled when the first one subscribes, and again whenever the server can be asked anew. */
export interface Watched<T> extends Observable<T> {
  readonly cell: Cell<T>;
  /** There is a connection (again). */
  online(): void;
}

/** @param load  failing: the next connection tries again */
export function watched<T>(initial: T, load: () => Promise<void>): Watched<T> {
  const own = cell<T>(initial);
  let watchers = 0;
  const tryLoad = () => {
    load().catch(() => {});
  };
  return {
    cell: own,
    get: own.get,
    subscribe(listener) {
      if (watchers++ === 0) tryLoad();
      const unsubscribe = own.subscribe(listener);
      let over = false;
      return () => {
        unsubscribe();
        if (!over) watchers--;
        over = true;
      };
    },
    online() {
      if (watchers > 0) tryLoad();
    },
  };
}
