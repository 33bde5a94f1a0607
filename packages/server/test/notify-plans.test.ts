import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { openConnection, openPool } from '../src/store/database.ts';
import { listenedTo, listenersOf } from '../src/store/notified.ts';
import { takePushed } from '../src/store/push.ts';
import { log, migrated } from './house.ts';

test('with 100,000 people and members, who is told of a message is found by indexes', async t => {
  const url = await migrated(t, () => db.end());
  const db = openPool(url, log);
  db.options.max = 1; // one connection, so that its counters are the ones looked at
  const [hall, small] = [randomUUID(), randomUUID()];
  const fill = await openConnection(url, 'fill', {}, 60_000); // the house's own connections give up after seconds
  await fill.query(`INSERT INTO users (id, username, display_name, role)
    SELECT gen_random_uuid(), 'user' || n, 'U', 'member' FROM generate_series(1, 100000) n`);
  await fill.query(
    `INSERT INTO conversations (id, type, name, member_count, meta_rev, created_by)
     SELECT id, 'group', 'g', 2, 1, id FROM unnest($1::uuid[]) id`,
    [[hall, small]],
  );
  await fill.query(`INSERT INTO members (conversation_id, user_id, role) SELECT $1, id, 'member' FROM users`, [hall]);
  await fill.query(`INSERT INTO members (conversation_id, user_id, role) SELECT $1, id, 'member' FROM users LIMIT 20`, [
    small,
  ]);
  await fill.query(`INSERT INTO auth_sessions (id, user_id, device) SELECT id, id, 'd' FROM users LIMIT 300`);
  await fill.query(`INSERT INTO push_subscriptions (id, user_id, session_id, endpoint, p256dh, auth)
    SELECT id, user_id, id, id::text, '', '' FROM auth_sessions`);
  await fill.query(
    `INSERT INTO pushed (user_id, conversation_id, seq) SELECT user_id, conversation_id, 1 FROM members`,
  );
  await fill.query('ANALYZE');
  await fill.end();
  /** How often a large table was read from end to end. */
  const scans = async () => {
    await db.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await db.query<{ n: string }>(
      `SELECT string_agg(relname || ' ' || seq_scan, ' ' ORDER BY relname) AS n FROM pg_stat_user_tables WHERE relname IN ('members', 'users', 'pushed')`,
    );
    return rows[0]?.n;
  };
  const { rows } = await db.query<{ user_id: string }>('SELECT user_id FROM members WHERE conversation_id = $1', [
    small,
  ]);
  const [sender = '', named = ''] = rows.map(row => row.user_id);
  const before = await scans();
  const few = await listenersOf(db, { conversationId: small, sender, fromThread: { conversationId: hall, seq: 1 } }, [
    named,
  ]);
  assert.ok(few.length <= 19 && few.some(({ userId }) => userId === named));
  assert.equal(await scans(), before);
  const all = await listenersOf(db, { conversationId: hall, sender }, []);
  assert.ok(all.length >= 299 && all.length <= 300, `${all.length}`);
  assert.equal(await scans(), before);
  const heard = await listenedTo(db, [hall, small, randomUUID()]);
  assert.ok(heard.has(hall));
  assert.equal(await scans(), before);
  const nothing = { userId: randomUUID(), conversationId: hall, readSeq: 9 };
  assert.deepEqual(await takePushed(db, [nothing]), []);
  assert.equal(await scans(), before);
});
