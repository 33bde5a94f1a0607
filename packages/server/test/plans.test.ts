import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { pino } from 'pino';
import { v7 } from '../src/ids.ts';
import { insertConversation } from '../src/store/conversations.ts';
import { transaction } from '../src/store/database.ts';
import { openStore } from '../src/store/store.ts';
import { migrated } from './house.ts';

// Plans are made once, perhaps on empty tables, and live as long as their connection: on an empty table all indexes look
// equal, and a wrong choice once made each message read the whole conversation. Counted are rows, since time proves nothing.
test('storing from an empty table on reads a few index rows a message, however long the conversation grows', async t => {
  const url = await migrated(t);
  const store = await openStore(url, pino({ level: 'silent' }), {
    smallRoom: 100,
    marked: () => {},
    settled: async () => {},
  });
  const [room, ana] = [v7(), v7()];
  await transaction(store.db, tx =>
    insertConversation(tx, { id: room, type: 'group', name: 'g', createdBy: ana, members: new Map([[ana, 'owner']]) }),
  );
  const send = (clientId: string) =>
    store.append({ id: v7(), conversationId: room, senderId: ana, clientId, text: 'x' });
  const count = 3_000;
  const ids = Array.from({ length: count }, v7);
  for (let at = 0; at < count; at += 500) await Promise.all(ids.slice(at, at + 500).map(send));
  await Promise.all(ids.slice(0, 500).map(send)); // the careful statement, too
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await store.close(); // its connections report what they counted when they end
  const { rows } = await client.query<{ table: string; seq: number; read: number }>(
    `SELECT t.relname AS table, t.seq_tup_read::int AS seq,
            (SELECT coalesce(sum(i.idx_tup_read), 0)::int FROM pg_stat_user_indexes i WHERE i.relid = t.relid) AS read
       FROM pg_stat_user_tables t WHERE t.relname IN ('messages', 'members', 'conversation_heads') ORDER BY 1`,
  );
  await client.end();
  for (const { table, seq, read } of rows) {
    assert.ok(seq <= 10, `${table} was scanned: ${seq} rows`);
    assert.ok(read < 20 * count, `${table}: ${read} index rows for ${count} messages`);
  }
  assert.equal(rows.length, 3);
});
