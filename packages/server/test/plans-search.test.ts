import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Id, Message } from '@carpenter/protocol';
import pg from 'pg';
import { v7 } from '../src/ids.ts';
import { marks } from '../src/search/document.ts';
import { allOf, anyOf } from '../src/search/tsquery.ts';
import type { Changed } from '../src/store/aside.ts';
import { openPool } from '../src/store/database.ts';
import { indexedHits, notIndexed, roughlyMatching, wordsFrom, wordsLike, wordsWith } from '../src/store/search.ts';
import { searchIndex } from '../src/store/search-index.ts';
import { log, migrated } from './house.ts';

/** 100,000 messages in 500 rooms, in words of which some are rare; somebody is in 300 of the rooms: more than the index is told. */
async function talk(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const [asker, rooms] = [v7(), Array.from({ length: 500 }, v7)];
  const roomMarks = rooms.map(marks.root);
  await client.query(
    `INSERT INTO message_search (conversation_id, seq, root_id, sender_id, created_at, words, files)
     SELECT ($1::uuid[])[n % 500 + 1], n, ($1::uuid[])[n % 500 + 1], $2, now() - n * interval '1 minute',
            array_to_tsvector(ARRAY['common', 'rare' || n % 1999, ($3::text[])[n % 500 + 1],
                                    to_char(now() - n * interval '1 minute', '"/d"YYYY-MM-DD')]),
            CASE WHEN n % 3 = 0 THEN array_to_tsvector(ARRAY['pdf', '/hfile', 'file' || n % 1999, ($3::text[])[n % 500 + 1]]) END
       FROM generate_series(1, 100000) AS n`,
    [rooms, asker, roomMarks],
  );
  await client.query(
    `INSERT INTO search_words (word, grams)
     SELECT word, ARRAY(SELECT substr(word, i, 3) FROM generate_series(1, length(word) - 2) i)
       FROM (SELECT 'rare' || n AS word FROM generate_series(1, 2000) n UNION SELECT md5(n::text) FROM generate_series(1, 20000) n) w`,
  );
  await client.query(
    `INSERT INTO members (conversation_id, user_id, role) SELECT room, $2, 'member' FROM unnest($1::uuid[]) AS r(room)`,
    [rooms.slice(0, 300), asker],
  );
  return { client, asker, mine: new Set<Id>(rooms.slice(0, 300)), rooms };
}

test('a search among 100,000 messages reads what the index gives it, and keeps to the rooms of whoever asks', async t => {
  const url = await migrated(t);
  const { client, asker, mine, rooms } = await talk(url);
  client.on('error', () => {}); // the database goes before it, where this test fails
  const db = openPool(url, log);
  const everything = {
    userId: asker,
    counted: [],
    sort: 'newest' as const,
    from: 0,
    to: Date.now() + 1_000,
    limit: 21,
  };
  const scanned = async () => {
    const { rows } = await client.query<{ read: number }>(
      `SELECT sum(seq_tup_read)::int AS read FROM pg_stat_user_tables WHERE relname IN ('message_search', 'search_words', 'messages')`,
    );
    return rows[0]?.read;
  };
  const before = await scanned();
  // Twice: on tables that were never analysed, and on those that were.
  for (let round = 0; round < 2; round++) {
    const rare = await indexedHits(db, { ...everything, query: `'rare77'` });
    assert.equal(rare.length, 21);
    assert.ok(rare.every(hit => mine.has(hit.conversationId)));
    const days = [0, 1, 2].map(i => marks.day(new Date(Date.now() - i * 86_400_000).toISOString()));
    const latest = await indexedHits(db, { ...everything, query: allOf([`'common'`, anyOf(days)]) });
    assert.ok(latest.length === 21 && latest.every(hit => mine.has(hit.conversationId)));
    const named = await indexedHits(db, {
      ...everything,
      query: allOf([`'common'`, anyOf([marks.root(rooms[3] ?? '')])]),
    });
    assert.ok(named.length === 21 && named.every(hit => hit.conversationId === rooms[3]));
    const files = await indexedHits(db, { ...everything, find: 'files', query: allOf([`'/hfile'`, `'file78'`]) });
    assert.ok(files.length > 5 && files.every(hit => mine.has(hit.conversationId)));
    const best = await indexedHits(db, { ...everything, query: `'rare1':*`, sort: 'best', counted: [`'rare1'`] });
    assert.equal(best[0]?.points, 1);

    assert.equal((await wordsFrom(db, 'rare123'))?.length, 11);
    assert.equal(await wordsFrom(db, 'r'), undefined);
    assert.ok((await wordsWith(db, 'are177')).includes('rare1777'));
    assert.ok(Array.isArray(await wordsLike(db, 'rrae')));
    assert.deepEqual(await notIndexed(db, asker, rooms), { found: [], all: true });
    if (round === 0) await client.query('ANALYZE');
  }
  assert.ok((await roughlyMatching(db, `'common'`)) > 50_000);
  assert.ok((await roughlyMatching(db, `'pdf'`, 'files')) > 20_000);
  assert.ok((await roughlyMatching(db, `'rare77'`)) < 5_000);
  await db.end(); // its connections report what they counted when they end
  await client.query('SELECT pg_stat_clear_snapshot()');
  assert.equal(await scanned(), before, 'a table was read through');
  await client.end();
});

test('the words of a deleted message are looked up by the index, however few and long the messages are', async t => {
  const url = await migrated(t);
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  const [room, sender] = [v7(), v7()];
  const said = (seq: number, more: Partial<Message>): Changed => ({
    message: {
      ...{ id: v7(), clientId: v7(), conversationId: room, seq, rev: seq, sender, type: 'text', text: '' },
      createdAt: new Date().toISOString(),
      ...more,
    },
    fresh: more.deletedAt === undefined,
    ageMs: 0,
  });
  const words = (seq: number) => Array.from({ length: 1_000 }, (_, i) => `word${seq}x${i}`).join(' ');
  await searchIndex.handle(
    db,
    [1, 2, 3].map(seq => said(seq, { text: words(seq) })),
  );
  await db.query('BEGIN');
  await searchIndex.handle(db, [said(2, { deletedAt: new Date().toISOString() })]);
  await db.query('COMMIT');
  const { rows: left } = await db.query<{ n: number }>('SELECT count(*) AS n FROM search_words');
  assert.equal(left[0]?.n, 2_000);
  await db.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await db.query<{ looks: number }>(
    `SELECT idx_scan AS looks FROM pg_stat_user_indexes WHERE indexrelname = 'message_search_words'`,
  );
  assert.ok(Number(rows[0]?.looks) >= 1_000, `${rows[0]?.looks} looks at the index`);
  await db.end();
});

test('a typing error looks through a bounded part of the words that all share, however many somebody filled in', async t => {
  const url = await migrated(t);
  const db = openPool(url, log);
  await db.query(
    `INSERT INTO search_words (word, grams)
     SELECT 'qx' || chr(5121 + n % 600) || chr(5121 + n / 600), '{}'::text[] FROM generate_series(0, 49999) n UNION SELECT 'qyxz', '{}'::text[]`,
  );
  const like = await wordsLike(db, 'qxyz');
  assert.ok(like.includes('qyxz'), 'neighbours in the middle that changed places are looked up by themselves');
  assert.ok(like.length > 10_000 && like.length <= 40_001, `${like.length} words`);
  assert.ok((await wordsLike(db, 'qxyz', 20)).length <= 2_001, 'all words of a search share it');
  await db.end();
});
