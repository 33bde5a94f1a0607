import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type pg from 'pg';
import { v7 } from '../src/ids.ts';
import { insertConversation } from '../src/store/conversations.ts';
import { type Connection, inTransaction, openConnection, openPool } from '../src/store/database.ts';
import { mayRead, namedIn } from '../src/store/members.ts';
import { mentioningPage, messageAt, messagesBefore, pinnedAfter } from '../src/store/messages.ts';
import { ownAt, reactedAfter } from '../src/store/reactions.ts';
import { changedAfter, headsOf, stateOf, statesPage, threadsPage } from '../src/store/states.ts';
import { log, migrated } from './house.ts';

const [ana, ben] = [v7(), v7()];
const rooms = Array.from({ length: 20 }, v7);
const [big = ''] = rooms;
const messages = 100_000;

/** As the house reads: a connection of its pool. */
async function connected(t: TestContext, url: string): Promise<pg.PoolClient> {
  const pool = openPool(url, log);
  const client = await pool.connect();
  t.after(async () => {
    client.release();
    await pool.end();
  });
  return client;
}

/**
 * Twenty conversations of two people, and thousands of others; the first has a hundred thousand messages, of which a few are special,
 * and many threads.
 */
async function fill(url: string): Promise<void> {
  const client = await openConnection(url, 'fill', {}, 60_000);
  for (const [i, id] of rooms.entries()) {
    const members = new Map([
      [ana, 'owner' as const],
      [ben, 'member' as const],
    ]);
    await inTransaction(client, tx =>
      insertConversation(tx, { id, type: 'group', name: `room ${i}`, createdBy: ana, members }),
    );
  }
  await client.query(
    `INSERT INTO messages (conversation_id, seq, rev, id, client_id, sender_id, text, created_at, mentions, pinned_at, reactions)
     SELECT $1::uuid, n, n + 1, gen_random_uuid(), gen_random_uuid(),
            CASE WHEN n % 3 = 0 THEN $2::uuid WHEN n % 3 = 1 THEN $3::uuid ELSE $4::uuid END, 'message ' || n, now() - (${messages} - n) * interval '1 s',
            CASE WHEN n % 1000 = 0 THEN ARRAY[$3::uuid::text] END, CASE WHEN n % 2000 = 0 THEN now() END,
            CASE WHEN n % 100 = 0 THEN '[]'::jsonb END
       FROM generate_series(1, ${messages}) n`,
    [big, ana, ben, v7()],
  );
  await client.query(
    `INSERT INTO conversations (id, type, parent_id, parent_seq, member_count, meta_rev, created_by)
     SELECT gen_random_uuid(), 'thread', $1::uuid, n, 0, 1, $2::uuid FROM generate_series(1, 5000) n`,
    [big, ana],
  );
  await client.query(
    `INSERT INTO members (conversation_id, user_id, role)
     SELECT gen_random_uuid(), gen_random_uuid(), 'member' FROM generate_series(1, 5000)`,
  );
  await client.query(
    `INSERT INTO reactions (conversation_id, seq, emoji, user_id)
     SELECT $1::uuid, n * 100, '👍', $2::uuid FROM generate_series(1, ${messages / 100}) n
     UNION ALL SELECT $1::uuid, 100, '🪵', gen_random_uuid() FROM generate_series(1, 10000)`,
    [big, ben],
  );
  await client.query(
    'UPDATE conversation_heads SET last_seq = $2::bigint, rev = $2::bigint + 1 WHERE conversation_id = $1',
    [big, messages],
  );
  await client.query('ANALYZE'); // as autovacuum does within a minute; PostgreSQL plans anew then
  await client.end();
}

const page = Array.from({ length: 50 }, (_, i) => messages - i * 100);
const lately = { userId: ben, conversationId: big, since: messages - 50, limit: 201 };
/** What is read all day long, and how many rows it may touch to do so. */
const reads: Record<string, [most: number, read: (db: Connection) => Promise<unknown>]> = {
  'a page of history': [300, db => messagesBefore(db, big, 60_000, 50)],
  'one message': [20, db => messageAt(db, big, 60_000)],
  'what changed lately, a hundred thousand unread': [1_800, db => changedAfter(db, lately)],
  'what is mine at a page of messages': [400, db => ownAt(db, big, ben, page)],
  'who reacted to a message of which ten thousand did': [200, db => reactedAfter(db, big, 100, '🪵', undefined, 51)],
  'whether somebody may read': [200, db => mayRead(db, big, ben)],
  'whom a text names': [300, db => namedIn(db, big, ['ana', 'ben'])],
  'what is pinned': [400, db => pinnedAfter(db, big, undefined, 101)],
  'one row of the list, a hundred thousand unread': [1_500, db => stateOf(db, ben, big)],
  'the list': [3_000, db => statesPage(db, ben, undefined, 50)],
  'the counters of all conversations': [3_000, db => headsOf(db, ben, undefined)],
  'messages that mention me': [400, db => mentioningPage(db, ben, undefined, 50)],
  'the threads I follow': [2_000, db => threadsPage(db, ben, undefined, 50)],
};

// Time proves nothing on a busy machine: PostgreSQL counts the rows that its scans touched.
async function rowsTouched(client: pg.ClientBase, read: (db: Connection) => Promise<unknown>): Promise<number> {
  const touched = async () => {
    await client.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await client.query<{ n: number }>(
      `SELECT (SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_user_tables)
            + (SELECT coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes) AS n`,
    );
    return Number(rows[0]?.n);
  };
  const before = await touched();
  await read(client);
  return (await touched()) - before;
}

async function check(client: pg.ClientBase, when: string): Promise<void> {
  for (const [what, [most, read]] of Object.entries(reads)) {
    const rows = await rowsTouched(client, read);
    assert.ok(rows <= most, `${what}, ${when}: ${rows} rows touched, ${most} at most`);
  }
}

test('what is read all day touches few rows of a hundred thousand, also where it was prepared while nothing was there', async t => {
  const url = await migrated(t);
  const old = await connected(t, url);
  // a pool's connection lives long: after five times PostgreSQL may keep one plan for all values
  for (let i = 0; i < 7; i++) for (const [, read] of Object.values(reads)) await read(old);
  await fill(url);
  for (let i = 0; i < 7; i++) for (const [, read] of Object.values(reads)) await read(old);
  await check(old, 'prepared on empty tables');
  await check(await connected(t, url), 'prepared on full tables');
});
