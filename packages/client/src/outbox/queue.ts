import { type Id, worthRetrying } from '@carpenter/protocol';
import type { Because } from '../types/basics.ts';
import type { Beside, UnsentMessage } from '../types/messages.ts';

/** A message that is not known to be stored. This is what is kept; everything else of the queue is of the moment. */
export interface Entry {
  readonly clientId: Id;
  readonly conversationId: Id;
  readonly text: string;
  readonly more?: Beside;
  readonly sentAt: string;
  /** Place in the order of writing; also across reloads and tabs. */
  readonly order: number;
  /** Refused for good. */
  readonly refused?: Because;
}

/**
 * The rules of sending, without I/O and clock. In each conversation one message is under way at a time, the oldest that is not
 * refused: so none is stored before an earlier one that may still be. An outcome that is unknown is tried again (the server knows a
 * message by its `clientId`); only a refusal for good ends it, and frees the way for those behind.
 */
export interface Queue {
  /** By `order`. */
  readonly entries: readonly Entry[];
  readonly flying: ReadonlySet<Id>;
  /** By conversation: the next try is not before `until` (ms, as `ticks`). */
  readonly waits: ReadonlyMap<Id, Wait>;
}
export interface Wait {
  readonly until: number;
  readonly because: Because;
  /** Tries that failed in a row. */
  readonly tries: number;
}

export const emptyQueue: Queue = { entries: [], flying: new Set(), waits: new Map() };
/** Conversations that may have something under way at once. */
const flyingMax = 16;

export const add = (queue: Queue, entry: Entry): Queue => ({
  ...queue,
  entries: [...queue.entries.filter(e => e.clientId !== entry.clientId), entry].sort((a, b) => a.order - b.order),
});

/** After everything that was ever written here. */
export const nextOrder = (queue: Queue, now: number): number => Math.max(now, (queue.entries.at(-1)?.order ?? 0) + 1);

export const find = (queue: Queue, clientId: Id): Entry | undefined => queue.entries.find(e => e.clientId === clientId);

/**
 * Marks as under way what may go now.
 * @param kept it is in the storage as it is now, so that a crash from here on loses nothing
 * @param may its files are on the server, and it is ours to send
 */
export function takeOff(
  queue: Queue,
  now: number,
  kept: (entry: Entry) => boolean,
  may: (entry: Entry) => boolean,
): { queue: Queue; go: readonly Entry[] } {
  const busy = new Set<Id>();
  const go: Entry[] = [];
  for (const entry of queue.entries) {
    if ((entry.refused && kept(entry)) || busy.has(entry.conversationId)) continue;
    busy.add(entry.conversationId); // later ones wait for this one, whatever it waits for
    const rests = (queue.waits.get(entry.conversationId)?.until ?? 0) > now;
    const full = queue.flying.size + go.length >= flyingMax;
    if (!queue.flying.has(entry.clientId) && kept(entry) && may(entry) && !rests && !full) go.push(entry);
  }
  return { queue: { ...queue, flying: new Set([...queue.flying, ...go.map(e => e.clientId)]) }, go };
}

/** When the next wait ends, in ms; undefined: nothing waits for the clock. One that is over keeps its count of tries, no time. */
export function nextAt(queue: Queue, now: number): number | undefined {
  const due = [...queue.waits].filter(
    ([id, { until }]) => until > now && queue.entries.some(e => e.conversationId === id && !e.refused),
  );
  return due.length > 0 ? Math.min(...due.map(([, wait]) => wait.until)) : undefined;
}

/** Stored, or taken back. */
export function remove(queue: Queue, clientId: Id): Queue {
  const entry = find(queue, clientId);
  if (!entry) return queue;
  const waits = new Map(queue.waits);
  waits.delete(entry.conversationId);
  return { entries: queue.entries.filter(e => e !== entry), flying: without(queue.flying, clientId), waits };
}

/** The try ended without its being stored. `wait` says when to try again, told how often it has failed. */
export function fail(queue: Queue, clientId: Id, because: Because, wait: (tries: number) => number): Queue {
  const entry = find(queue, clientId);
  const flying = without(queue.flying, clientId);
  if (!entry) return { ...queue, flying };
  const waits = new Map(queue.waits);
  if (worthRetrying(because.code)) {
    const tries = (waits.get(entry.conversationId)?.tries ?? 0) + 1;
    waits.set(entry.conversationId, { until: wait(tries), because, tries });
    return { ...queue, flying, waits };
  }
  waits.delete(entry.conversationId);
  const entries = queue.entries.map(e => (e === entry ? { ...e, refused: because } : e));
  return { entries, flying, waits };
}

/** The connection is gone, or a new one is there: nothing is under way, and nothing has to wait. */
export const ground = (queue: Queue): Queue => ({ ...queue, flying: new Set(), waits: new Map() });

/** A refused one goes again, behind all others. */
export function again(queue: Queue, clientId: Id, now: number): Queue {
  const entry = find(queue, clientId);
  if (!entry?.refused) return queue;
  const { refused: _, ...rest } = entry;
  return add(queue, { ...rest, order: nextOrder(queue, now) });
}

/** What another tab left in the storage; what is under way here goes on. */
export const reread = (queue: Queue, entries: readonly Entry[]): Queue => ({
  ...queue,
  entries: entries.toSorted((a, b) => a.order - b.order),
  flying: new Set([...queue.flying].filter(id => entries.some(e => e.clientId === id))),
});

const without = (set: ReadonlySet<Id>, id: Id): ReadonlySet<Id> => new Set([...set].filter(other => other !== id));

/** What a person sees of it, in order. */
export function unsent(
  queue: Queue,
  me: Id,
  online: boolean,
  former: readonly UnsentMessage[],
  whole: (entry: Entry) => boolean,
): UnsentMessage[] {
  const before = new Map(former.map(m => [m.clientId, m]));
  const seen = new Set<Id>();
  return queue.entries.map(entry => {
    const first = !seen.has(entry.conversationId);
    if (!entry.refused) seen.add(entry.conversationId);
    const status = statusOf(queue, entry, online, first, whole(entry));
    const known = before.get(entry.clientId);
    return known && sameStatus(known.status, status) ? known : show(entry, me, status);
  });
}

function statusOf(
  queue: Queue,
  entry: Entry,
  online: boolean,
  first: boolean,
  whole: boolean,
): UnsentMessage['status'] {
  if (entry.refused) return { is: 'failed', because: entry.refused };
  if (!online) return offline;
  if (queue.flying.has(entry.clientId)) return sent;
  if (!whole) return files;
  const wait = first ? queue.waits.get(entry.conversationId) : undefined;
  return wait ? { is: 'queued', because: wait.because } : first ? sent : turn;
}
const sent: UnsentMessage['status'] = { is: 'sent' };
const offline: UnsentMessage['status'] = {
  is: 'queued',
  because: { code: 'waiting.connection', words: 'Waiting for the connection.' },
};
const files: UnsentMessage['status'] = {
  is: 'queued',
  because: { code: 'waiting.uploads', words: 'Waiting for its files.' },
};
const turn: UnsentMessage['status'] = {
  is: 'queued',
  because: { code: 'waiting.turn', words: 'Waiting for the one before it.' },
};

const show = (entry: Entry, me: Id, status: UnsentMessage['status']): UnsentMessage => ({
  kind: 'unsent',
  key: keyOf(me, entry.clientId),
  clientId: entry.clientId,
  conversationId: entry.conversationId,
  text: entry.text,
  ...(entry.more && { more: entry.more }),
  sentAt: entry.sentAt,
  status,
});

/** A message is the same one before and after it is stored; two people may have chosen the same `clientId`. */
export const keyOf = (sender: Id, clientId: Id): string => `${sender}/${clientId}`;

const sameStatus = (a: UnsentMessage['status'], b: UnsentMessage['status']): boolean =>
  a.is === b.is && ('because' in a ? 'because' in b && a.because.code === b.because.code : true);
