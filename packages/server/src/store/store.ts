import { randomBytes } from 'node:crypto';
import type { Id } from '@carpenter/protocol';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { NewMessage, Place } from './append.ts';
import { type Connection, type Db, openPool } from './database.ts';
import { type Lane, type LaneNeeds, openLane } from './lane.ts';
import { type Marked, type Marks, openMarks } from './marks.ts';
import { createParents, type ParentOf } from './parents.ts';
import { bucketOf } from './shards.ts';

/** What is durable. Reads go over `db`; whatever raises a conversation's `rev` goes through its lane. */
export interface Store {
  readonly db: Db;
  readonly marks: Marks;
  readonly parentOf: ParentOf;
  /** Guards the counters: another one after a failover or a restore. */
  epoch(): string;
  /** @throws {Refusal} storage_unavailable, overloaded */
  append(message: NewMessage): Promise<Place | 'not_member'>;
  /** A transaction in the lane of these, which are of one bucket: all whose heads it locks. @throws {Refusal} storage_unavailable, overloaded, or what `work` throws */
  turn<T>(conversationIds: readonly [Id, ...Id[]], work: (tx: pg.ClientBase) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** As many as PostgreSQL has cores: more only made batches smaller (docs/benchmarks.md). */
const laneCount = 2;

export async function openStore(
  url: string,
  log: Logger,
  options: {
    readonly smallRoom: number;
    readonly marked: (marked: Marked[]) => void;
    readonly settled: LaneNeeds['settled'];
  },
): Promise<Store> {
  const db = openPool(url, log);
  let epoch = await readEpoch(db);
  const connected = async (connection: Connection) => {
    await endPredecessors(connection);
    epoch = await readEpoch(connection); // a pool in which nothing is free must not keep messages waiting
  };
  const own = randomBytes(4).toString('hex'); // so that no other node's lane is taken for a predecessor of ours
  const lanes = Array.from({ length: laneCount }, (_, i) =>
    openLane({ url, name: `carpenter lane ${i} of ${own}`, log, connected, settled: options.settled }),
  );
  const [first] = lanes;
  if (!first) throw new Error('a store needs a lane');
  const laneOf = (conversationId: Id): Lane => lanes[bucketOf(conversationId) % lanes.length] ?? first;
  const marks = openMarks(url, options.smallRoom, log, options.marked);

  return {
    db,
    marks,
    parentOf: createParents(db),
    epoch: () => epoch,
    append: message => laneOf(message.conversationId).append(message),
    turn: (conversationIds, work) => laneOf(conversationIds[0]).turn(conversationIds, work),
    async close() {
      await Promise.all(lanes.map(lane => lane.close()));
      await marks.close();
      await db.end();
    },
  };
}

/**
 * A lane that lost its connection does not know what is still on its way there: the network may bring it when all is settled and
 * told. So the one before is ended first. One that cannot be ended within the second is not waited for: it ends before it reads on.
 */
async function endPredecessors(lane: Connection): Promise<void> {
  await lane.query(
    `SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
      WHERE application_name = current_setting('application_name') AND usename = current_user AND pid <> pg_backend_pid()`,
  );
}

/** PostgreSQL's timeline (a failover begins a new one) and the installation's id (a restore makes a new one). */
async function readEpoch(db: Connection): Promise<string> {
  const { rows } = await db.query<{ epoch: string }>(
    `SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) || '-' || id AS epoch FROM installation`,
  );
  const epoch = rows[0]?.epoch;
  if (!epoch) throw new Error('The table "installation" is empty: this is no complete Carpenter database.');
  return epoch;
}
