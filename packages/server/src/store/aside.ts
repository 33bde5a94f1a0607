import { setTimeout as pause } from 'node:timers/promises';
import type { Id, Message } from '@carpenter/protocol';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Bus } from '../bus/bus.ts';
import {
  type Connection,
  codeOf,
  endPredecessors,
  inTransaction,
  isConnectionFault,
  openConnection,
  ownName,
} from './database.ts';
import { type MessageRow, messageColumns, toMessage } from './rows.ts';

/** A message as it is now. `fresh`: not handed over before (after a long pause perhaps once); else it was changed since. */
export interface Changed {
  readonly message: Message;
  readonly fresh: boolean;
  /** Since it was written, by the clock of PostgreSQL. */
  readonly ageMs: number;
}

/** A conversation one message of which failed alone: until it is done to its end it is tried by itself, in its turn. */
interface Failed {
  readonly rev: number;
  readonly times: number;
  readonly portion: number;
}

/** Work beside the lanes, at its own pace: an index, notifications. It never holds up whoever sends. */
export interface Aside {
  /** Names its marks and its lock. A new name begins with the first message of each conversation. */
  readonly name: string;
  /**
   * Gets every message of every conversation that was stored or changed since its mark, system messages and deleted ones too; each once, and
   * within a conversation in the order of `rev`. Runs in the transaction that also moves the marks, on a connection of its own:
   * what it writes through `tx` happens exactly once; whatever else it does may be repeated after a crash.
   * When it throws, all that was handed over is tried again in smaller portions; a message that fails alone three times, or once
   * by what it holds, is logged by its place and left out. Other conversations do not wait for it.
   */
  handle(tx: pg.ClientBase, changed: readonly Changed[]): Promise<void>;
}

export interface Following {
  /** Conversations that may not be handled to their end yet, on whichever node; undefined: not known at this moment. */
  behind(): ReadonlySet<Id> | undefined;
  /** Ends after the portion under way; the next start goes on behind the marks. */
  close(): Promise<void>;
}

/** Messages in one transaction, and what they weigh (about bytes): small, so that it never takes a core for long. */
const portionMax = 500;
const portionMaxWeight = 128 * 1024;
/** Conversations looked at in one transaction. */
const placesMax = 100;
/** Gathers what comes at once; a portion is then followed by a pause as long as it took, so that lanes keep the upper hand. */
const gatherMs = 20;
/** Heads and marks are compared this often, beside being woken: finds what a lost wake-up left behind. */
const sweepEveryMs = 60_000;
/** While another node does the work, or after the database was lost. */
const againMs = 2_000;
const triesMax = 3;
/** SQLSTATE classes: data that cannot be, and more than PostgreSQL takes. The same message fails so again. */
const byContent = /^(22|54)/;

/**
 * Follows all conversations from the marks on (table `asides`), woken by the bus. One node works at a time (advisory lock); the
 * others stand by. Survives restarts, a lost database and a failover: marks and what the handler wrote go the same way.
 */
export function follow(url: string, bus: Bus, log: Logger, aside: Aside): Following {
  const { name } = aside;
  const connectionName = ownName(name);
  const behind = new Set<Id>();
  let underWay = new Set<Id>();
  let client: pg.Client | undefined;
  let working = false;
  let sweptAt: number | undefined; // like all times here on a clock that nobody can set back
  let portion = portionMax;
  /** Messages of the step under way, or of the one that the database was lost in. */
  let handed = 0;
  const failed = new Map<Id, Failed>();
  let failedInARow = 0;
  let restUntil = 0;
  let due: { readonly at: number; readonly timer: NodeJS.Timeout } | undefined;
  let running: Promise<void> | undefined;
  const closed = new AbortController();

  bus.listen(told => {
    if (!('event' in told) || !('rev' in told.event)) return;
    behind.add(told.event.conversationId);
    schedule(gatherMs);
  });
  schedule(0);

  function schedule(inMs: number): void {
    const at = Math.max(performance.now() + inMs, restUntil);
    if (closed.signal.aborted || running || (due && due.at <= at)) return;
    clearTimeout(due?.timer);
    due = { at, timer: setTimeout(run, Math.max(0, at - performance.now())) };
  }

  function run(): void {
    due = undefined;
    running = turn().then(next => {
      running = undefined;
      schedule(next);
    });
  }

  /** @returns milliseconds until the next one; sooner when woken */
  async function turn(): Promise<number> {
    try {
      if (!client) {
        client = await openConnection(url, connectionName, settings);
        await endPredecessors(client); // one of them may hold the lock
      }
      working ||= await lock(client, name);
      if (sweptAt === undefined || performance.now() - sweptAt > sweepEveryMs) {
        for (const id of await findBehind(client, name)) behind.add(id);
        sweptAt = performance.now();
      }
      if (!working) {
        const asked = [...behind];
        const still = new Set(await findBehind(client, name, asked));
        for (const id of asked) if (!still.has(id)) behind.delete(id); // the other node did it
        return againMs;
      }
      if (behind.size === 0) return sweepEveryMs;
      const began = performance.now();
      await step(client);
      underWay.clear();
      restUntil = performance.now() + (performance.now() - began);
      return behind.size > 0 ? gatherMs : sweepEveryMs;
    } catch (error) {
      log.warn({ aside: name, code: codeOf(error), err: error }, 'work beside the lanes lost the database');
      client?.end().catch(() => {}); // broken: only its socket matters, and the lock goes with it
      client = undefined;
      working = false;
      sweptAt = undefined;
      if (handed > 0) portion = Math.ceil(handed / 2); // perhaps it was too much to be done in time
      return againMs;
    }
  }

  function nextPlaces(): Id[] {
    const [first] = behind;
    if (first !== undefined && failed.has(first)) return [first];
    return [...behind].filter(id => !failed.has(id)).slice(0, Math.min(placesMax, portion));
  }

  /** One transaction: read what changed, have it handled, move the marks. @throws when the database is away */
  async function step(connection: pg.Client): Promise<void> {
    const places = nextPlaces();
    const [first = ''] = places;
    const alone = failed.get(first);
    underWay = new Set(places);
    for (const id of places) behind.delete(id);
    handed = 0;
    let changed: readonly Changed[] = [];
    let leftOut = false;
    try {
      const unfinished = await inTransaction(
        connection,
        async tx => {
          const read = await readChanged(tx, name, places, alone?.portion ?? portion);
          changed = read.places.flatMap(place => place.changed);
          handed = changed.length;
          leftOut = handed === 1 && changed.every(isHopeless);
          if (leftOut) leaveOut(changed);
          else if (handed > 0) await aside.handle(tx, changed);
          await moveMarks(tx, name, read.places);
          return read.unfinished;
        },
        asideBegins,
      );
      for (const id of unfinished) behind.add(id);
      if (!alone) portion = Math.min(portionMax, portion * 2);
      else if (unfinished.length === 0) failed.delete(first);
      else failed.set(first, { ...alone, portion: Math.min(portionMax, alone.portion * 2) });
    } catch (error) {
      if (isConnectionFault(error)) throw error;
      for (const id of places) behind.add(id);
      await afterFailure(error, changed);
      return;
    }
    handed = 0;
    if (!leftOut) failedInARow = 0;
  }

  async function afterFailure(error: unknown, changed: readonly Changed[]): Promise<void> {
    const hopeless = byContent.test(codeOf(error) ?? '');
    const [one, ...more] = changed;
    const before = one && failed.get(one.message.conversationId);
    if (one && more.length === 0) {
      const { conversationId, rev } = one.message;
      const times = hopeless ? triesMax : 1 + (before?.rev === rev ? before.times : 0);
      failed.set(conversationId, { rev, times, portion: 1 });
    } else if (one && before) {
      failed.set(one.message.conversationId, { ...before, portion: 1 });
    } else {
      portion = 1;
    }
    failedInARow++;
    // Where all fail, the fault is elsewhere: few are left out until it is mended.
    const ms = Math.min(100 * 2 ** failedInARow, hopeless ? 1_000 : 60_000);
    await pause(ms, undefined, { signal: closed.signal }).catch(() => {}); // cut short by close
    log.warn({ aside: name, err: error }, 'work beside the lanes failed, and is tried again');
  }

  function isHopeless({ message: { conversationId, rev } }: Changed): boolean {
    const known = failed.get(conversationId);
    return known?.rev === rev && known.times >= triesMax;
  }

  function leaveOut(changed: readonly Changed[]): void {
    for (const { message } of changed) {
      const { conversationId, seq, rev } = message;
      log.error({ aside: name, conversationId, seq, rev }, 'a message was left out by work beside the lanes');
    }
  }

  return {
    behind: () => (sweptAt === undefined ? undefined : new Set([...behind, ...underWay])),
    async close() {
      closed.abort();
      clearTimeout(due?.timer);
      await running;
      await client?.end();
    },
  };
}

const settings = { jit: 'off', synchronous_commit: 'off', statement_timeout: '30000' };
/** The first half of the lock's key, the same for all; the second is made of the name. */
const lockClass = 0x61736964;

/** One step of work aside, which `holdAsides` waits for. */
export const asideBegins = `BEGIN; SELECT pg_advisory_xact_lock_shared(${lockClass}, 0)`;

/** Until the end of this transaction no work aside is under way; whatever it had read before is written. */
export async function holdAsides(tx: pg.ClientBase): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1, 0)', [lockClass]);
}

async function lock(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1, hashtext($2)) AS got', [
    lockClass,
    name,
  ]);
  return rows[0]?.got ?? false;
}

// The statements below have no names: they are planned each time, with the tables as they are by then.

/** Of all conversations, or of those given. */
export async function findBehind(db: Connection, name: string, among?: readonly Id[]): Promise<Id[]> {
  const { rows } = await db.query<{ conversation_id: Id }>(
    `SELECT h.conversation_id FROM conversation_heads h
       LEFT JOIN asides a ON a.name = $1 AND a.conversation_id = h.conversation_id
      WHERE h.rev > coalesce(a.rev, 0) ${among ? 'AND h.conversation_id = ANY ($2::uuid[])' : ''}`,
    [name, ...(among ? [among] : [])],
  );
  return rows.map(row => row.conversation_id);
}

/** What changed in one conversation, all of it or the first, and where the mark stands afterwards. */
interface Place {
  readonly id: Id;
  readonly changed: readonly Changed[];
  readonly rev: number;
  readonly seenSeq: number;
  readonly more: boolean;
}

/** About what a message costs: what it says, and where it was edited or deleted, what it may have said before. */
const weight = `octet_length(text) + coalesce(pg_column_size(attachments), 0) + coalesce(pg_column_size(poll), 0)
                + CASE WHEN edited_at IS NULL AND deleted_at IS NULL THEN 0 ELSE 8192 END`;

/**
 * One portion: of each conversation its next message, then of each the one after it, until it is enough. So whoever writes much
 * waits for themselves. `unfinished`: conversations that have more.
 * Index: messages (conversation_id, rev). Heads and messages are of one snapshot.
 */
async function readChanged(
  tx: pg.ClientBase,
  name: string,
  ids: readonly Id[],
  limit: number,
): Promise<{ places: Place[]; unfinished: Id[] }> {
  const each = Math.max(1, Math.floor(limit / ids.length));
  const { rows } = await tx.query<
    MessageRow &
      Record<'head_rev' | 'last_seq' | 'seen_seq' | 'age_ms' | 'there' | 'all_there', number> & { readonly place: Id }
  >(
    `SELECT * FROM (
       SELECT h.conversation_id AS place, h.rev AS head_rev, h.last_seq, coalesce(a.seen_seq, 0) AS seen_seq, m.*,
              extract(epoch FROM now() - m.created_at)::float8 * 1000 AS age_ms,
              count(m.seq) OVER (PARTITION BY d.n) AS there, count(m.seq) OVER () AS all_there,
              sum(m.weight) OVER (ORDER BY m.nth, d.n) - m.weight AS before
         FROM unnest($2::uuid[]) WITH ORDINALITY AS d(id, n)
         JOIN conversation_heads h ON h.conversation_id = d.id
         LEFT JOIN asides a ON a.name = $1 AND a.conversation_id = d.id
         LEFT JOIN LATERAL (
           SELECT ${messageColumns}, ${weight} AS weight, row_number() OVER (ORDER BY rev) AS nth FROM messages
            WHERE conversation_id = d.id AND rev > coalesce(a.rev, 0) ORDER BY rev LIMIT $3) m ON true) found
      WHERE seq IS NULL OR before < $4 ORDER BY nth`,
    [name, ids, each, portionMaxWeight],
  );
  const byPlace = Map.groupBy(rows, row => row.place);
  const places = [...byPlace].map(([id, found]) => {
    const [{ head_rev, last_seq, seen_seq, there } = { head_rev: 0, last_seq: 0, seen_seq: 0, there: 0 }] = found;
    const changed = found
      .filter(row => row.seq !== null)
      .map(row => ({ message: toMessage(row), fresh: row.seq > seen_seq, ageMs: row.age_ms }));
    const more = changed.length === each || changed.length < there;
    const lastRev = changed.at(-1)?.message.rev ?? head_rev;
    return { id, changed, more, rev: more ? lastRev : head_rev, seenSeq: more ? seen_seq : last_seq };
  });
  const taken = places.reduce((sum, { changed }) => sum + changed.length, 0);
  const notReached = taken < (rows[0]?.all_there ?? 0) ? ids.filter(id => !byPlace.has(id)) : [];
  return { places, unfinished: [...notReached, ...places.filter(({ more }) => more).map(({ id }) => id)] };
}

async function moveMarks(tx: pg.ClientBase, name: string, places: readonly Place[]): Promise<void> {
  await tx.query(
    `INSERT INTO asides (name, conversation_id, rev, seen_seq)
     SELECT $1, * FROM unnest($2::uuid[], $3::bigint[], $4::bigint[])
     ON CONFLICT (name, conversation_id) DO UPDATE SET rev = excluded.rev, seen_seq = excluded.seen_seq`,
    [name, places.map(p => p.id), places.map(p => p.rev), places.map(p => p.seenSeq)],
  );
}
