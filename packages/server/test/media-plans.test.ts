import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mediaKind } from '@carpenter/protocol';
import pg from 'pg';
import { v7 } from '../src/ids.ts';
import { mediaIn, readableMedia, usedBytes } from '../src/store/media.ts';
import { takeUnused } from '../src/store/uploads.ts';
import { migrated } from './house.ts';

// Plans that were made on empty tables live until the tables are analysed, which PostgreSQL does by itself when they have grown.
// Counted are rows, since time proves nothing.
test('among 100,000 files one is found, a page is read and the unused are swept by a few index rows', async t => {
  const url = await migrated(t);
  const [room, ana, ben] = [v7(), v7(), v7()];
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const work = async () => {
    const { rows } = await client.query<{ id: string }>('SELECT id FROM media ORDER BY id LIMIT 1');
    const id = rows[0]?.id ?? v7();
    await readableMedia(client, id, ben);
    await mediaIn(client, room, mediaKind.options, undefined, 50);
    await mediaIn(client, room, ['image'], { seq: 50_000, place: 1 }, 50);
    await takeUnused(client, 7, 100);
  };
  await work(); // planned on empty tables
  await client.query(
    `INSERT INTO conversations (id, type, name, member_count, meta_rev, created_by) VALUES ($1, 'group', 'g', 2, 1, $2)`,
    [room, ana],
  );
  await client.query(
    `INSERT INTO members (conversation_id, user_id, role) VALUES ($1, $2, 'owner'), ($1, $3, 'member')`,
    [room, ana, ben],
  );
  await client.query(
    `INSERT INTO messages (conversation_id, seq, rev, id, client_id, sender_id, text, created_at)
     SELECT $1, n, n, gen_random_uuid(), gen_random_uuid(), $2, '', now() FROM generate_series(1, 100000) n`,
    [room, ana],
  );
  await client.query(
    `WITH made AS (
       INSERT INTO media (id, uploader_id, state, name, bytes, kind, attachment, touched_at)
       SELECT gen_random_uuid(), $2, 'ready', 'x', 10, CASE WHEN n % 2 = 0 THEN 'image' ELSE 'file' END,
              jsonb_build_object('n', n), 'infinity' FROM generate_series(1, 100000) n
       RETURNING id, kind, (attachment->>'n')::bigint AS n)
     INSERT INTO media_uses (conversation_id, seq, place, media_id, kind) SELECT $1, n, 1, id, kind FROM made`,
    [room, ana],
  );
  const count = async () => {
    await client.query('SELECT pg_stat_force_next_flush()');
    await client.query('SELECT pg_stat_clear_snapshot()');
    const { rows } = await client.query<{ seq: number; read: number }>(
      `SELECT coalesce(sum(t.seq_tup_read), 0)::int AS seq,
              coalesce(sum((SELECT sum(i.idx_tup_read) FROM pg_stat_user_indexes i WHERE i.relid = t.relid)), 0)::int AS read
         FROM pg_stat_user_tables t WHERE t.relname IN ('media', 'media_uses', 'members', 'messages', 'conversations', 'users')`,
    );
    return rows[0] ?? { seq: 0, read: 0 };
  };
  await client.query('ANALYZE');
  const before = await count();
  await work();
  const after = await count();
  assert.ok(after.seq - before.seq < 100, `scanned ${after.seq - before.seq} rows`);
  assert.ok(after.read - before.read < 2_000, `${after.read - before.read} index rows`);
  assert.equal(await usedBytes(client, ana), 1_000_000);
  await client.end();
});
