import { type Id, type Refusal, refusal } from '@carpenter/protocol';
import type pg from 'pg';
import type { Logger } from 'pino';
import { createSeldom } from '../seldom.ts';
import { type NewMessage, type Outcome, type Place, storeBatch } from './append.ts';
import { gaveWay, inTransaction, isConnectionFault, isLocked, openConnection } from './database.ts';
import { askAgainMs, createHeldBack, lookAgainMs } from './held-back.ts';
import { createWaiting } from './waiting.ts';

/** Messages of one batch at most. */
const batchMax = 256;
/** Waiting for one lane; more are refused at once. */
const waitingMax = 10_000;
/**
 * … of one person: this part of the places that are free, 900 where nobody else waits. The more people fill them, the fewer each has,
 * and there is always one for who comes next (dynamic thresholds: Choudhury and Hahne, 1998).
 */
const waitingOfOnePart = 1 / 10;
/** Whoever waited this long is refused: a client's outbox keeps the message and tries again. */
const waitMaxMs = 2_000;
/** Between two lines in the log about a database that is away. */
const sayAgainMs = 10_000;

/** `since` in milliseconds of the process's own clock: the other one may be set back. */
type Entry = {
  /** In whose turn. */
  readonly who: Id;
  /** Those whose heads it locks. */
  readonly conversationIds: readonly Id[];
  readonly since: number;
  readonly reject: (error: Error) => void;
} & (
  | { readonly message: NewMessage; readonly resolve: (place: Place | 'not_member') => void }
  | { readonly turn: (client: pg.ClientBase) => Promise<void> }
);
type MessageEntry = Extract<Entry, { message: NewMessage }>;

/**
 * One connection that writes, one transaction under way. What arrives meanwhile waits and becomes the next batch, so the lone
 * message commits at once and a crowd shares its commits. People have their turns one after the other, and what one of them asked
 * for keeps its order. A conversation always has the same lane: here its changes happen, and are told, in the order of `rev`. A
 * conversation that somebody else has locked is set aside, and holds up nobody but itself.
 */
export interface Lane {
  /** @throws {Refusal} storage_unavailable: the outcome may be unknown, ask again with the same client id; overloaded; server.draining */
  append(message: NewMessage): Promise<Place | 'not_member'>;
  /**
   * A transaction between two batches.
   * @param who  in whose turn: a person, or what else asks for much by itself
   * @param conversationIds  all whose heads it locks, but for the threads of one that is archived or
   *   opened, whose heads it only marks: where somebody else holds one of those, it hears `overloaded`
   * @throws {Refusal} storage_unavailable, overloaded, server.draining, or what `work` throws
   */
  turn<T>(who: Id, conversationIds: readonly Id[], work: (tx: pg.ClientBase) => Promise<T>): Promise<T>;
  /** Finishes what is waiting, then disconnects. */
  close(): Promise<void>;
}

export interface LaneNeeds {
  readonly url: string;
  readonly name: string;
  readonly log: Logger;
  /** Called at each (re)connection: the database may be another one now, after a failover. */
  connected(connection: pg.Client): Promise<void>;
  /** What was given up while it was under way in these may have been committed, and nobody was told. Nothing changes there meanwhile. */
  settled(connection: pg.ClientBase, conversationIds: readonly Id[]): Promise<void>;
}

export function openLane({ url, name, log, connected, settled }: LaneNeeds): Lane {
  const waiting = createWaiting<Entry>();
  let client: pg.Client | undefined;
  let running = false;
  let closing = false;
  let idle = Promise.withResolvers<void>();
  const seldom = createSeldom(sayAgainMs);
  let underWay: readonly Entry[] = [];
  let later: NodeJS.Timeout | undefined;
  const headsOf = (some: readonly Entry[]) => new Set(some.flatMap(w => w.conversationIds));
  const heldBack = createHeldBack({ wanted: () => headsOf([...waiting.all(), ...underWay]), settled });

  // With one transaction stuck, those behind it must not wait for ever.
  const impatience = setInterval(refuseLate, 500);
  impatience.unref();

  function refuseLate(): void {
    const deadline = performance.now() - waitMaxMs;
    for (const w of underWay.filter(w => w.since < deadline)) {
      w.reject(unavailable()); // it may be done yet: then nobody is told by whoever asked for it
      heldBack.doubt(w.conversationIds);
    }
    for (const w of waiting.drop(w => w.since < deadline))
      w.reject(heldBack.isLocked(w.conversationIds) ? busy() : unavailable());
  }

  function enqueue(entry: Entry): void {
    if (closing) return entry.reject(refusal('server.draining', { retryAfterMs: 1_000 }));
    const free = waitingMax - waiting.size();
    if (waiting.sizeOf(entry.who) >= free * waitingOfOnePart) return entry.reject(busy());
    waiting.add(entry);
    start();
  }

  function start(): void {
    if (running) return;
    running = true;
    clearTimeout(later);
    later = undefined;
    idle = Promise.withResolvers();
    setImmediate(run); // all that one poll of the event loop brings goes together
  }

  /** Every message tries anew while the database is away. */
  const sayLost = (error: unknown) =>
    seldom(unsaid => log.warn({ lane: name, err: error, ...(unsaid > 0 && { unsaid }) }, 'a lane lost the database'));

  async function run(): Promise<void> {
    try {
      client ??= await connect();
      while (await step(client));
    } catch (error) {
      sayLost(error);
      for (const w of underWay) {
        w.reject(unavailable()); // whatever went wrong, nobody waits for ever
        heldBack.doubt(w.conversationIds);
      }
      client?.end().catch(() => {}); // it is broken; only its socket matters
      client = undefined;
      for (const w of waiting.drop(() => true)) w.reject(unavailable());
    }
    underWay = [];
    running = false;
    idle.resolve();
    if (closing) return;
    if (waiting.size() > 0) later = setTimeout(start, lookAgainMs);
    else if (heldBack.inDoubt()) later = setTimeout(start, askAgainMs);
    later?.unref();
  }

  async function connect(): Promise<pg.Client> {
    const fresh = await openConnection(url, name, laneSettings, answerWithinMs);
    try {
      await connected(fresh);
      return fresh;
    } catch (error) {
      fresh.end().catch(() => {}); // only its socket matters
      throw error;
    }
  }

  /** @returns false: nothing can be done now */
  async function step(connection: pg.Client): Promise<boolean> {
    await heldBack.review(connection);
    const first = waiting.take(isHeld);
    if (!first) return false;
    if ('turn' in first) {
      underWay = [first];
      await unlessLocked(connection, () => first.turn(connection));
    } else {
      const batch = [first, ...waiting.takeAll(batchMax - 1, isHeld, isMessage)];
      underWay = batch;
      const stored = await unlessLocked(connection, () => store(connection, batch));
      if (!stored) {
        underWay = []; // nothing of it was written
        waiting.putBack(batch);
        refuseLate();
      }
    }
    underWay = [];
    return true;
  }

  async function store(connection: pg.Client, batch: readonly MessageEntry[]): Promise<void> {
    let outcomes: Outcome[];
    try {
      outcomes = await storeBatch(
        connection,
        batch.map(w => w.message),
      );
    } catch (error) {
      if (isLocked(error) || !gaveWay(error)) throw error;
      for (const w of batch) w.reject(busy());
      return;
    }
    batch.forEach((w, i) => {
      const outcome = outcomes[i] ?? new Error('a message of the batch got no answer');
      if (outcome instanceof Error) w.reject(outcome);
      else w.resolve(outcome);
    });
  }

  /** @returns false: it waited for a lock in vain; whose it was is set aside. Nothing was written then. */
  async function unlessLocked(connection: pg.Client, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!isLocked(error)) throw error;
      await heldBack.setAside(connection, [...headsOf(underWay)]);
      return false;
    }
  }

  const isHeld = ({ conversationIds }: Entry): boolean => !heldBack.isEmpty() && heldBack.has(conversationIds);

  return {
    append: message =>
      new Promise((resolve, reject) =>
        enqueue({
          who: message.senderId,
          conversationIds: [message.conversationId],
          since: performance.now(),
          message,
          resolve,
          reject,
        }),
      ),
    turn: <T>(who: Id, conversationIds: readonly Id[], work: (tx: pg.ClientBase) => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        const turn = async (connection: pg.ClientBase): Promise<void> => {
          try {
            resolve(await inTransaction(connection, work, turnBegins));
          } catch (error) {
            if (!isConnectionFault(error)) return reject(error);
            reject(gaveWay(error) ? busy() : unavailable());
            if (isLocked(error) || !gaveWay(error)) throw error;
          }
        };
        enqueue({ who, conversationIds, since: performance.now(), turn, reject });
      }),
    async close() {
      while (running || waiting.size() > 0) {
        start();
        await idle.promise;
        if (waiting.size() > 0) await new Promise(resolve => setTimeout(resolve, lookAgainMs));
      }
      closing = true;
      clearTimeout(later);
      clearInterval(impatience);
      await client?.end();
    },
  };
}

const isMessage = (entry: Entry): entry is MessageEntry => 'message' in entry;

const unavailable = (): Refusal => refusal('storage_unavailable', { retryAfterMs: 1_000 });
const busy = (): Refusal => refusal('overloaded', { retryAfterMs: 1_000 });

/** A database that is frozen cannot watch its own time. */
const answerWithinMs = 6_000;
const laneSettings = {
  jit: 'off',
  // Prepared statements are planned once, perhaps on empty tables: indexes always, and never again.
  enable_seqscan: 'off',
  plan_cache_mode: 'force_generic_plan',
  statement_timeout: '5000',
  lock_timeout: '250', // all others of the lane wait as long: then it is set aside
  idle_in_transaction_session_timeout: '10000',
  synchronous_commit: 'on',
};
/** A turn is not tried again: it may wait a little longer. */
const turnBegins = 'BEGIN; SET LOCAL lock_timeout = 500';
