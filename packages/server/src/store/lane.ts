import { type Refusal, refusal } from '@carpenter/protocol';
import type pg from 'pg';
import type { Logger } from 'pino';
import { type NewMessage, type Outcome, type Place, storeBatch } from './append.ts';
import { inTransaction, isConnectionFault, openConnection } from './database.ts';

/** Messages of one batch at most; larger ones gained nothing (docs/benchmarks.md). */
const batchMax = 256;
/** Waiting for one lane; more are refused at once. */
const waitingMax = 10_000;
/** Whoever waited this long is refused: a client's outbox keeps the message and tries again. */
const waitMaxMs = 2_000;
/** Between two lines in the log about a database that is away. */
const sayAgainMs = 10_000;

type Waiting = { readonly since: number; readonly reject: (error: Error) => void } & (
  | { readonly message: NewMessage; readonly resolve: (place: Place | 'not_member') => void }
  | { readonly turn: (client: pg.ClientBase) => Promise<void> }
);

/**
 * One connection that writes, one transaction under way. What arrives meanwhile waits and becomes the next batch, so the lone
 * message commits at once and a crowd shares its commits. A conversation always has the same lane: here its changes happen, and
 * are told, in the order of `rev`.
 */
export interface Lane {
  /** @throws {Refusal} storage_unavailable: the outcome may be unknown, ask again with the same client id */
  append(message: NewMessage): Promise<Place | 'not_member'>;
  /** A transaction between two batches. @throws {Refusal} storage_unavailable, or what `work` throws */
  turn<T>(work: (tx: pg.ClientBase) => Promise<T>): Promise<T>;
  /** Finishes what is waiting, then disconnects. */
  close(): Promise<void>;
}

/** @param connected  called at each (re)connection: the database may be another one now, after a failover */
export function openLane(url: string, name: string, log: Logger, connected: () => Promise<void>): Lane {
  let waiting: Waiting[] = [];
  let client: pg.Client | undefined;
  let running = false;
  let closing = false;
  let idle = Promise.withResolvers<void>();
  let sayAgainAt = 0;
  let unsaid = 0;

  // With one transaction stuck, those behind it must not wait for ever.
  const impatience = setInterval(() => {
    const deadline = Date.now() - waitMaxMs;
    const late = waiting.filter(w => w.since < deadline);
    if (late.length === 0) return;
    waiting = waiting.filter(w => w.since >= deadline);
    for (const w of late) w.reject(unavailable());
  }, 500);
  impatience.unref();

  function enqueue(entry: Waiting): void {
    if (closing || waiting.length >= waitingMax) {
      entry.reject(unavailable());
      return;
    }
    waiting.push(entry);
    if (running) return;
    running = true;
    idle = Promise.withResolvers();
    setImmediate(run); // all that one poll of the event loop brings goes together
  }

  /** Every message tries anew while the database is away: it is said once in a while, with how often it was not. */
  function sayLost(error: unknown): void {
    const now = performance.now();
    if (now < sayAgainAt) return void unsaid++;
    log.warn({ lane: name, err: error, ...(unsaid > 0 && { unsaid }) }, 'a lane lost the database');
    sayAgainAt = now + sayAgainMs;
    unsaid = 0;
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      try {
        if (!client) {
          client = await openConnection(url, name, laneSettings);
          await connected();
        }
        await step(client);
      } catch (error) {
        sayLost(error);
        client?.end().catch(() => {}); // it is broken; only its socket matters
        client = undefined;
        for (const w of waiting.splice(0)) w.reject(unavailable());
      }
    }
    running = false;
    idle.resolve();
  }

  async function step(connection: pg.Client): Promise<void> {
    const first = waiting[0];
    if (first && 'turn' in first) {
      waiting.shift();
      return first.turn(connection);
    }
    const batch = takeMessages();
    let outcomes: Outcome[];
    try {
      outcomes = await storeBatch(
        connection,
        batch.map(w => w.message),
      );
    } catch (error) {
      for (const w of batch) w.reject(unavailable());
      throw error;
    }
    batch.forEach((w, i) => {
      const outcome = outcomes[i] ?? new Error('a message of the batch got no answer');
      if (outcome instanceof Error) w.reject(outcome);
      else w.resolve(outcome);
    });
  }

  function takeMessages() {
    const batch = [];
    for (const entry of waiting) {
      if (!('message' in entry) || batch.length === batchMax) break;
      batch.push(entry);
    }
    waiting = waiting.slice(batch.length);
    return batch;
  }

  return {
    append: message => new Promise((resolve, reject) => enqueue({ since: Date.now(), message, resolve, reject })),
    turn: <T>(work: (tx: pg.ClientBase) => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        const turn = async (connection: pg.ClientBase): Promise<void> => {
          try {
            resolve(await inTransaction(connection, work));
          } catch (error) {
            if (!isConnectionFault(error)) return reject(error);
            reject(unavailable());
            throw error;
          }
        };
        enqueue({ since: Date.now(), turn, reject });
      }),
    async close() {
      if (running) await idle.promise;
      closing = true;
      clearInterval(impatience);
      await client?.end();
    },
  };
}

const unavailable = (): Refusal => refusal('storage_unavailable', { retryAfterMs: 1_000 });

const laneSettings = {
  jit: 'off',
  // Prepared statements are planned once, perhaps on empty tables: indexes always, and never again.
  enable_seqscan: 'off',
  plan_cache_mode: 'force_generic_plan',
  statement_timeout: '5000',
  lock_timeout: '2000',
  synchronous_commit: 'on',
};
