import type { Entry, EntryOf, Exit, Op, Row } from '../history.ts';
import type { Steps } from './steps.ts';

/**
 * A history, sorted by what it is about: read in one pass, then asked by every rule. Entries of which there are millions
 * are kept as a few numbers. `line` is the line of the history, from 1.
 */
export interface Ledger {
  readonly counts: Map<Entry['f'], number>;
  began: EntryOf<'began'> | undefined;
  ended: EntryOf<'ended'> | undefined;
  /** Of the last entry. */
  lastT: number;
  lines: number;
  readonly rooms: Map<string, Room>;
  readonly clients: Map<string, Client>;
  /** Each name once. */
  readonly users: Map<string, string>;
  /** All tries, in the order in which they began. */
  readonly tries: Try[];
  /** Messages that were sent: all tries of one. */
  readonly sent: Sent[];
  readonly faults: Fault[];
}

/** A conversation. */
export interface Room {
  readonly conv: string;
  readonly messages: Map<string, Message>;
  /** Messages that were acknowledged as sent, with the line that first did. */
  readonly acked: Map<string, number>;
  /** Acknowledged to somebody who was taken out since: stored, and of no `rev` that they may know. */
  readonly aside: Aside[];
  /** The newest version of each that was acknowledged to whoever changed it. */
  readonly changed: Map<string, { readonly rev: number; readonly line: number }>;
  /** What was seen at each `rev`: one, if all is well. */
  readonly versions: Map<number, Version[]>;
  /** The highest `rev` that anybody was shown by then: all up to it was committed. */
  readonly known: Steps;
  readonly members: Map<string, Stay[]>;
  /** Changes of members that were acknowledged, and not in the log. */
  readonly untold: Line<'untold'>[];
  readonly tracks: Map<string, Track>;
  readonly syncs: Sync[];
  readonly finals: Final[];
  readonly receipts: Line<'receipt'>[];
  readonly heard: Line<'heard'>[];
}
export type Line<F extends Entry['f']> = EntryOf<F> & { readonly line: number };

/** A message as it was shown at one `rev`, and where first: `by` a client, or a source of the end. */
export interface Version extends Row {
  readonly message: Message;
  readonly line: number;
  readonly t: number;
  readonly by: string;
}
export interface Message {
  readonly id: string;
  readonly versions: Version[];
}

export interface Aside extends Row {
  readonly p: string;
  /** The line of the last try. */
  readonly asked: number;
  readonly line: number;
}

/** From one change of the conversation to another. */
export interface Stay {
  readonly from: { readonly rev: number; readonly t: number; readonly line: number };
  to?: { readonly rev: number; readonly t: number; readonly line: number };
}

/** What one client was shown of one conversation, in its order. */
export interface Track {
  readonly p: string;
  watch: Line<'watch'> | undefined;
  readonly applied: Applied[];
}
export interface Applied {
  readonly how: 'event' | 'ack' | 'sync';
  readonly t: number;
  readonly rev: number;
  readonly line: number;
  readonly version: Version | undefined;
  readonly sync: Sync | undefined;
}
export interface Sync {
  readonly p: string;
  readonly line: number;
  readonly t: number;
  /** Absent: nobody knows when. */
  readonly asked: number | undefined;
  readonly since: number;
  readonly rev: number;
  readonly lastSeq: number;
  readonly reset: boolean;
  readonly rows: readonly Version[];
}
export interface Final {
  readonly line: number;
  readonly from: string;
  readonly how: 'paged' | 'changes' | 'view';
  readonly lastSeq: number;
  readonly rev: number;
  readonly rows: readonly Version[];
}

export interface Try {
  readonly line: number;
  readonly t: number;
  readonly p: string;
  readonly n: number;
  readonly op: Op;
  readonly conv: string;
  readonly clientId: string | undefined;
  readonly seq: number | undefined;
  readonly text: string | undefined;
  readonly over: 'socket' | 'http' | undefined;
  outcome?: Outcome;
}
export interface Outcome {
  readonly is: 'ok' | 'fail' | 'info';
  readonly line: number;
  readonly t: number;
  readonly version?: Version | undefined;
  readonly dup?: boolean;
  readonly code?: string;
  readonly words?: string;
}
export interface Sent {
  readonly conv: string;
  readonly clientId: string;
  readonly sender: string;
  readonly tries: Try[];
}

export interface Client {
  readonly p: string;
  user: string | undefined;
  readonly sessions: Session[];
  readonly closes: Line<'close'>[];
  readonly refused: Line<'refused'>[];
  readonly outside: Line<'outside'>[];
}
export interface Session {
  readonly open: number;
  close: number;
}
export interface Fault {
  readonly n: number;
  readonly name: string;
  readonly line: number;
  readonly on: number;
  off: number;
  readonly clients: ReadonlySet<string> | undefined;
  readonly frozen: boolean;
  readonly cuts: boolean;
  readonly crashes: boolean;
  exit?: Exit | undefined;
}

/** The name of the fault that nobody planned: the run itself stood still. */
export const stall = 'stall';

/** What makes a message the same one, whatever `id` it got. */
export const nameOf = (of: { conv: string; clientId: string; sender: string }): string =>
  `${of.conv} ${of.sender} ${of.clientId}`;

export function upsert<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
