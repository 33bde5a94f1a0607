import type { Observable } from './types/basics.ts';

/** An observable that is set from outside. Setting the same reference again tells nobody. */
export interface Cell<T> extends Observable<T> {
  readonly set: (value: T) => void;
}

export function cell<T>(initial: T): Cell<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      const own = () => listener(); // the same function may subscribe twice
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
  };
}

/** A value computed from others, at most once per change and only when somebody looks. */
export interface Derived<T> extends Observable<T> {
  /** What it was computed from has changed. */
  readonly stale: () => void;
}

/** @param compute gets the former value, to return it (or parts of it) where nothing changed */
export function derived<T>(compute: (former: T | undefined) => T): Derived<T> {
  let value: { readonly is: T } | undefined;
  let fresh = false;
  const listeners = new Set<() => void>();
  return {
    get() {
      if (value && fresh) return value.is;
      value = { is: compute(value?.is) };
      fresh = true;
      return value.is;
    },
    stale() {
      fresh = false;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      const own = () => listener();
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
  };
}
