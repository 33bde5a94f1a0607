import type { Id } from '@carpenter/protocol';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { NewMessage, Place } from './append.ts';
import { type Connection, type Db, endPredecessors, openPool, ownName } from './database.ts';
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
  /**
   * A transaction in the lane of these, which are of one bucket: all whose heads it locks. @param who  in whose turn
   * @throws {Refusal} storage_unavailable, overloaded, or what `work` throws
   */
  turn<T>(who: Id, conversationIds: readonly [Id, ...Id[]], work: (tx: pg.ClientBase) => Promise<T>): Promise<T>;
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
  const lanes = Array.from({ length: laneCount }, (_, i) =>
    openLane({ url, name: ownName(`lane ${i}`), log, connected, settled: options.settled }),
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
    turn: (who, conversationIds, work) => laneOf(conversationIds[0]).turn(who, conversationIds, work),
    async close() {
      await Promise.all(lanes.map(lane => lane.close()));
      await marks.close();
      await db.end();
    },
  };
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
