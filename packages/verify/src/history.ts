import { createHash } from 'node:crypto';
import type { Message } from '@carpenter/protocol';
import { z } from 'zod';

// What a run writes down, one JSON line each, only appended: but for what happened in one turn of the event loop it survives the end of
// its writer. All clients live in one process, so their times compare. No text of a message is in it: hashes stand for them.

const id = z.string();
/** A message as somebody was shown it. */
const row = z.object({
  id,
  clientId: id,
  sender: id,
  seq: z.int(),
  rev: z.int(),
  /** Of its text, empty where it has none any more. */
  text: z.string(),
  /** Of all of it, in one order: see `rowOf`. */
  state: z.string(),
});
export type Row = z.infer<typeof row>;

/** What one client does, named `p`. `t` is in milliseconds since the run began, by a clock that only goes forward. */
const at = { t: z.number(), p: z.string() };
const op = z.enum(['send', 'edit', 'delete', 'react', 'read', 'probe']);
export type Op = z.infer<typeof op>;
/** `n` is one try; all tries of one message have the same `clientId`. `text` is the hash of what is sent. */
const tried = { ...at, n: z.int(), op, conv: id };

/** `probe`: something that must be refused (another's conversation); its `ok` is a leak. */
const invoke = z.object({
  f: z.literal('invoke'),
  ...tried,
  clientId: id.optional(),
  seq: z.int().optional(),
  text: z.string().optional(),
  /** By which door, where it is known: what one socket sends to one conversation is stored in its order. */
  over: z.enum(['socket', 'http']).optional(),
});
const ok = z.object({ f: z.literal('ok'), ...tried, row: row.optional(), dup: z.boolean().optional() });
/** Refused for good: it must not have happened. */
const fail = z.object({ f: z.literal('fail'), ...tried, clientId: id.optional(), code: z.string(), words: z.string() });
/** Nobody knows: the connection ended, or "try again". It may have happened. `words`: why, where somebody said it. */
const info = z.object({ f: z.literal('info'), ...tried, clientId: id.optional(), code: z.string(), words: z.string() });

/** The client applied an event that brought `rev`; with `row` where it brought a message. */
const deliver = z.object({ f: z.literal('deliver'), ...at, conv: id, rev: z.int(), row: row.optional() });
/** It got `rev` although it had only `have`: it asks for the changes next. */
const gap = z.object({ f: z.literal('gap'), ...at, conv: id, have: z.int(), rev: z.int() });
/**
 * One whole answer to "what changed since", all pages; `asked`: `t` when it was asked, absent where nobody knows. After it the client has
 * `rev`.
 */
const sync = z.object({
  f: z.literal('sync'),
  ...at,
  asked: z.number().optional(),
  conv: id,
  since: z.int(),
  rev: z.int(),
  lastSeq: z.int(),
  reset: z.boolean().optional(),
  rows: z.array(row),
});
/** A mark of `user` as `p` was told it. */
const receipt = z.object({
  f: z.literal('receipt'),
  ...at,
  conv: id,
  user: id,
  delivered: z.int(),
  read: z.int(),
});
/** A frame of whatever type that named a conversation in which this client should not be (judged again by `member`). */
const heard = z.object({ f: z.literal('heard'), ...at, conv: id, type: z.string(), rev: z.int().optional() });

/**
 * A node said something that is not in the protocol: a frame, or an answer that answers something else. `words`: what is wrong with
 * it, and nothing of what stood in it but its type.
 */
const outside = z.object({ f: z.literal('outside'), ...at, what: z.enum(['frame', 'answer']), words: z.string() });

/** From now on this client follows that conversation: it owes a `deliver` or `sync` of each change while it is open. */
const watch = z.object({ f: z.literal('watch'), ...at, conv: id, user: id });
/** It was `ready`. */
const open = z.object({ f: z.literal('open'), ...at, node: z.string() });
/**
 * Its connection ended. `by`: who did it. `us`: the client or a fault of the run, on purpose. `words` as they came. `silentMs`: it went, as
 * it had heard nothing for so long.
 */
const close = z.object({
  f: z.literal('close'),
  ...at,
  code: z.int(),
  words: z.string(),
  by: z.enum(['server', 'us', 'nobody']),
  silentMs: z.number().optional(),
});
/** No connection came about: the upgrade was refused over HTTP. */
const refused = z.object({ f: z.literal('refused'), ...at, code: z.string(), words: z.string() });

const member = z.object({
  f: z.literal('member'),
  t: z.number(),
  conv: id,
  user: id,
  is: z.enum(['in', 'out']),
  /** Of the conversation, from which on it holds. */
  rev: z.int(),
});
/** The same was acknowledged, and the log, read after that, did not tell of it. */
const untold = z.object({ f: z.literal('untold'), t: z.number(), conv: id, user: id, is: z.enum(['in', 'out']) });
/** How a node went that was told to stop in order: after so long, with this code; null: it had to be killed. */
const exit = z.object({ ms: z.number(), code: z.int().nullable() });
export type Exit = z.infer<typeof exit>;

/**
 * Something the run breaks, and mends. `clients`: whom it hits, absent: everybody. `frozen`: what it hits cannot move at all meanwhile
 * (a stopped process, a link that swallows), so the time does not count as lateness. `cuts`: connections may just break by it; by any
 * other fault they may not. `crashes`: PostgreSQL, which may lose the last second of receipts. `exit`, when it
 * is mended: of the node that was to stop in order.
 */
const fault = z.object({
  f: z.literal('fault'),
  t: z.number(),
  n: z.int(),
  name: z.string(),
  is: z.enum(['on', 'off']),
  clients: z.array(z.string()).optional(),
  frozen: z.boolean().optional(),
  cuts: z.boolean().optional(),
  crashes: z.boolean().optional(),
  exit: exit.optional(),
});
const began = z.object({
  f: z.literal('began'),
  t: z.number(),
  version: z.string(),
  seed: z.int(),
  clients: z.int(),
  nodes: z.int(),
  /** For so long it was asked to break things. */
  minutes: z.number(),
  /** An installation that was there already. */
  url: z.string().optional(),
  /** Those that were asked for: each must have happened, but for those it went without. */
  faults: z.array(z.string()),
  /** Those that cannot be had here, and why. */
  without: z.record(z.string(), z.string()),
});
/** After everything was mended and quiet: what `from` (a node by paging or by changes since 0, or a client's own view) has. */
const final = z.object({
  f: z.literal('final'),
  t: z.number(),
  from: z.string(),
  how: z.enum(['paged', 'changes', 'view']),
  conv: id,
  lastSeq: z.int(),
  rev: z.int(),
  rows: z.array(row),
});
/** The writer came to its end: a history without it was cut off. */
const ended = z.object({ f: z.literal('ended'), t: z.number() });

export const entry = z.discriminatedUnion('f', [
  began,
  invoke,
  ok,
  fail,
  info,
  deliver,
  gap,
  sync,
  receipt,
  heard,
  outside,
  watch,
  open,
  close,
  refused,
  member,
  untold,
  fault,
  final,
  ended,
]);
export type Entry = z.infer<typeof entry>;
export type EntryOf<F extends Entry['f']> = Extract<Entry, { f: F }>;

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 12);
export const textHash = (text: string): string => (text === '' ? '' : hash(text));

/** What is judged of a message: all of it. */
export function rowOf({ id, clientId, sender, seq, rev, conversationId: _, ...rest }: Message): Row {
  return { id, clientId, sender, seq, rev, text: textHash(rest.text), state: hash(JSON.stringify(rest, inOneOrder)) };
}

/** JSON knows no order of fields, and what comes out of the database and out of a schema have different ones. */
function inOneOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
