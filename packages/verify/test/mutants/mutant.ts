/** A server, or a client, that breaks a line of the promise: a real mistake, small enough to be made, and a run that must not miss it. */
export interface Mutant {
  /** What is broken. */
  readonly name: string;
  readonly cuts: readonly Cut[];
  readonly load: Load;
  /** Findings that are its doing: at least one of them comes up. What a busy machine may bring about by itself is none. */
  readonly found: readonly string[];
}

/** Text that stands in a file exactly once, and what stands there instead. */
export interface Cut {
  /** From `packages/`. */
  readonly file: string;
  readonly find: string;
  readonly instead: string;
}

/** What `carpenter verify` is asked for. */
export interface Load {
  readonly minutes: number;
  readonly clients: number;
  readonly faults: readonly string[];
}
