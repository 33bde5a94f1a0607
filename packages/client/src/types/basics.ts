/**
 * A value that changes. `get` gives the same reference until the next change, so this is what React's
 * `useSyncExternalStore(o.subscribe, o.get)` wants. Neither needs `this`. A listener is called after the change, without arguments.
 */
export interface Observable<T> {
  readonly get: () => T;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Why something is as it is: a code to choose one's own words by, and words to show when there are none. */
export interface Because<C extends string = string> {
  readonly code: C;
  readonly words: string;
}

/** Where a client keeps what must outlive it: JSON values by key. One client at a time, but for browser tabs. */
export interface Storage {
  /** `false`: from now on what is written is gone with the process or the page, and seen by it alone. */
  readonly lasting: boolean;
  read(key: string): Promise<unknown>;
  /** Values whose key begins so, in any order. */
  list(prefix: string): Promise<readonly unknown[]>;
  /** Resolves when it would survive a crash of the process. `undefined` removes. */
  write(key: string, value: unknown): Promise<void>;
  close(): Promise<void>;
}
