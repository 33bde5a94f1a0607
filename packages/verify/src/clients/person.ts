import type { Id } from '@carpenter/protocol';
import type { EntryOf, Op, Row } from '../history.ts';
import type { Random } from '../world/random.ts';
import type { Account, Recording } from '../world/types.ts';

/** One client of the run, whatever it is made of: what the load can tell it to do. Nothing waits, nothing throws: all is written down. */
export interface Person {
  readonly p: string;
  readonly user: Id;
  /** It knows itself to be in it. */
  isIn(conv: Id): boolean;
  send(conv: Id, text: string): void;
  /** One of its own newest messages there, if there is one. */
  edit(conv: Id, text: string): void;
  erase(conv: Id): void;
  /** To one of the newest messages there, on or off. */
  react(conv: Id, emoji: string): void;
  /** Everything there is read. */
  read(conv: Id): void;
  type(conv: Id): void;
  /** Messages whose outcome is not known yet. */
  unsent(): number;
  /** There is a connection, and nothing is being asked for. */
  isCaughtUp(): boolean;
  /** What it would show now. */
  views(): Iterable<View>;
  end(): Promise<void>;
}

/** The newest messages of one conversation as a client has them, without holes. */
export interface View {
  readonly conv: Id;
  readonly rev: number;
  readonly lastSeq: number;
  readonly rows: Row[];
}

/** What each client is given. */
export interface Needs {
  readonly p: string;
  readonly url: string;
  readonly node: () => string;
  readonly account: Account;
  readonly record: Recording;
  /** Its own chance. */
  readonly random: Random;
  /** Numbers for tries, over all clients. */
  readonly nextTry: () => number;
  /** What the world knows: false only where it is certain. */
  readonly mayBeIn: (conv: Id, user: Id) => boolean;
  /** It cannot go on, by something that is nothing to judge: the run ends with that. */
  readonly failed: (error: unknown) => void;
  /** The end of everything. */
  readonly signal: AbortSignal;
}

/** A try that is under way. */
export interface Tried {
  readonly n: number;
  readonly op: Op;
  readonly conv: Id;
}
export type Note = (entry: Noted) => void;
/** What a client writes down, without its name and its time. */
type Noted = { [F in Own]: Omit<EntryOf<F>, 't' | 'p'> }[Own];
type Own =
  | 'invoke'
  | 'ok'
  | 'fail'
  | 'info'
  | 'deliver'
  | 'gap'
  | 'sync'
  | 'receipt'
  | 'heard'
  | 'outside'
  | 'watch'
  | 'open'
  | 'close'
  | 'refused';

export const noteOf =
  ({ p, record }: Pick<Needs, 'p' | 'record'>): Note =>
  entry =>
    record.write({ ...entry, t: record.now(), p });

/** What fails because the run is over is no fault; all else ends the run. @returns never rejects */
export const untilTheEnd = (
  { signal, failed }: Pick<Needs, 'signal' | 'failed'>,
  work: Promise<unknown>,
): Promise<void> =>
  work.then(
    () => {},
    error => {
      if (!signal.aborted) failed(error);
    },
  );
