import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { createHealth } from '../src/health.ts';
import { openPool } from '../src/store/database.ts';
import { ask, knocks, refused } from './ask.ts';
import { hourAhead } from './clock.ts';
import { house, log, migrated } from './house.ts';
import { account } from './people.ts';

async function besides(databaseUrl: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await work(client).finally(() => client.end());
}

test('while the database does not answer, people hear that and when to try again; then everything goes on', async t => {
  const { url, databaseUrl } = await house(t);
  const { grant } = await account(url, 'ana');
  const token = grant.accessToken;
  await besides(databaseUrl, async client => {
    await client.query('BEGIN; LOCK TABLE users, auth_sessions IN ACCESS EXCLUSIVE MODE');
    for (const asked of [{ path: '/api/v1/users/me', token }, { path: '/api/v1/auth/username?username=ben' }]) {
      const answer = await ask(url, asked.path, asked);
      const { retryAfterMs, detail } = refused(answer, 'storage_unavailable');
      assert.ok(retryAfterMs !== undefined && retryAfterMs > 0);
      assert.match(detail, /database/);
    }
    assert.equal((await ask(url, '/healthz')).status, 200);
  });
  assert.equal(await knocks(url, token), 200);
});

test('connections to the database that are cut are never a fault of ours', async t => {
  const { url, databaseUrl } = await house(t);
  const { grant } = await account(url, 'ana');
  await besides(databaseUrl, async client => {
    for (let i = 0; i < 10; i++) {
      await client.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      const statuses = await Promise.all(Array.from({ length: 8 }, () => knocks(url, grant.accessToken)));
      for (const status of statuses) assert.ok(status === 200 || status === 503, String(status));
    }
  });
  assert.equal(await knocks(url, grant.accessToken), 200);
});

test('a clock that was ahead and is set right makes no old answer of /readyz hold', async t => {
  const pool = openPool(await migrated(t), log);
  const health = createHealth(pool);
  const setRight = hourAhead(t);
  assert.equal((await health.read()).database, 'up');
  setRight();
  await pool.end();
  const end = performance.now() + 20_000;
  while ((await health.read()).database === 'up') {
    assert.ok(performance.now() < end, 'it is told as it was');
    await new Promise(resolve => setTimeout(resolve, 50));
  }
});
