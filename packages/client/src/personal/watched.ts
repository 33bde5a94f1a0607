import { type Cell, cell } from '../observable.ts';
import type { Retries } from '../retries.ts';
import type { Observable } from '../types/basics.ts';

/** An observable that is filled when the first one subscribes, and again whenever the server can be asked anew. */
export interface Watched<T> extends Observable<T> {
  readonly cell: Cell<T>;
  /** There is a connection (again). */
  online(): void;
}

/**
 * @param name  of these `retries`
 * @param load  failing: it is tried again after what a busy server asked for, or with the next connection
 */
export function watched<T>(name: string, initial: T, load: () => Promise<void>, retries: Retries): Watched<T> {
  const own = cell<T>(initial);
  let watchers = 0;
  const tryLoad = () => {
    load().then(
      () => retries.done(name),
      error => watchers > 0 && retries.later(name, error, tryLoad),
    );
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
