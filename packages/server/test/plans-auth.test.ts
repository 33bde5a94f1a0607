import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { cameFrom } from '../src/store/audit.ts';
import { openConnection, openPool } from '../src/store/database.ts';
import { sweepRateLimits } from '../src/store/rate-limits.ts';
import { log, migrated } from './house.ts';

test('whether somebody came from an address before is known from one index row, however often they logged in', async t => {
  const url = await migrated(t, () => db.end());
  const db = openPool(url, log);
  db.options.max = 1; // one connection, so that its counters are the ones looked at
  const ana = randomUUID();
  const fill = await openConnection(url, 'fill', {}, 60_000);
  await fill.query(`INSERT INTO users (id, username, display_name, role) VALUES ($1, 'ana', 'Ana', 'member')`, [ana]);
  await fill.query(
    `INSERT INTO audit_log (id, what, by_user, address)
     SELECT gen_random_uuid(), CASE WHEN n % 2 = 0 THEN 'session.begun' ELSE 'session.ended' END, $1, '198.51.100.' || n % 3
       FROM generate_series(1, 30000) n`,
    [ana],
  );
  await fill.query('ANALYZE');
  await fill.end();
  const read = async () => {
    await db.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await db.query<{ n: number }>(
      `SELECT (seq_tup_read + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes i WHERE i.relid = t.relid))::int AS n
         FROM pg_stat_user_tables t WHERE relname = 'audit_log'`,
    );
    return rows[0]?.n ?? assert.fail();
  };
  const before = await read();
  assert.equal(await cameFrom(db, 'ana', '198.51.100.1'), true);
  for (let i = 0; i < 10; i++) assert.equal(await cameFrom(db, 'ana', `203.0.113.${i}`), false);
  assert.equal(await cameFrom(db, 'ben', '198.51.100.1'), false);
  const rows = (await read()) - before;
  assert.ok(rows <= 20, `${rows} rows`);
});

test('what was counted long ago is swept whole, some thousand at a time', async t => {
  const url = await migrated(t, () => db.end());
  const db = openPool(url, log);
  await db.query(
    `INSERT INTO rate_limits SELECT n::text, 1, CASE WHEN n <= 25000 THEN 1 ELSE 9e15 END FROM generate_series(1, 25001) n`,
  );
  await db.query(`CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN ASSERT (SELECT count(*) FROM gone) <= 10000; RETURN NULL; END $$`);
  await db.query(
    `CREATE TRIGGER few AFTER DELETE ON rate_limits REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION note()`,
  );
  await sweepRateLimits(db);
  assert.equal((await db.query('SELECT FROM rate_limits')).rowCount, 1);
});
