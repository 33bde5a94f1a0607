import type { Entry } from '../history.ts';
import type { Random } from './random.ts';

/** Somebody who can log in. */
export interface Account {
  readonly username: string;
  readonly password: string;
}

/** One client's link to the node, or a node's to its database: a TCP proxy of ours, which does what networks do. */
export interface Way {
  /** Of the client that goes over it, its `p` in the history; or the node's name. */
  readonly client: string;
  /** Where it finds the node: `http://127.0.0.1:PORT`, the same for the whole run. A node finds its database at that host and port. */
  readonly url: string;
  /** Cuts what is open; nothing new gets through until `heal`. */
  cut(): void;
  /** Passes on what comes from the node at this speed only; 0: what it sends stays in its queue. What is on its way arrives after `heal`. */
  throttle(bytesPerSecond: number): void;
  /** What goes either way arrives so much later, in its order. */
  delay(byMs: number): void;
  heal(): void;
}

/** Where the history goes. */
export interface Recording {
  /** Milliseconds since the run began, by a clock that only goes forward. */
  now(): number;
  /** Appended at the end of this turn of the event loop. Without a `t` it is now. */
  write(entry: Entry | WithoutTime): void;
  close(): Promise<void>;
}
/** Each kind of entry without its time. */
export type WithoutTime = Entry extends infer E ? (E extends Entry ? Omit<E, 't'> : never) : never;

export interface LoadOptions {
  readonly record: Recording;
  /** All chance comes from here. */
  readonly random: Random;
  /** One a client. Client `i` logs in as `accounts[i % accounts.length]`. */
  readonly ways: readonly Way[];
  readonly accounts: readonly Account[];
  /** The node that a way leads to, as `open` entries name it. */
  readonly nodeOf: (client: string) => string;
  /** Clients cannot go on, by something that is nothing to judge: whoever began the load ends it. */
  readonly failed: (error: unknown) => void;
  /** Ends it at once, wherever it is. */
  readonly signal: AbortSignal;
}

/**
 * Clients at work. Whatever ends a session (4401, 4409: tokens that ended, logged out from elsewhere), a client logs in again by itself
 * and goes on; whatever cuts a link, it comes back over the same way.
 */
export interface Load {
  /** Nothing new is sent; resolves when all outboxes are empty and all are caught up, or after `withinMs`. */
  stop(withinMs: number): Promise<void>;
  /** Writes the `final` entries: the node at `url` by paging and by changes since 0, and each client's own view. */
  finals(url: string, node: string): Promise<void>;
  /** Everybody leaves. */
  end(): Promise<void>;
}
