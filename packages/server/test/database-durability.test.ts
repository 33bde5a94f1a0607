import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { type Running, serve } from '../src/serve.ts';
import { openStore, type Store } from '../src/store/store.ts';
import { onCluster } from './cluster.ts';
import { log, migrated, testConfig } from './house.ts';
import { readiness } from './outage.ts';

test('/readyz names how durable the database is, also where that is less than it should be', async t => {
  let running: Running | undefined;
  const databaseUrl = await migrated(t, async () => running?.drain());
  await lessDurable(databaseUrl);
  running = await serve(testConfig(databaseUrl), log);
  const durability = {
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    synchronous_standby_names: '',
  };
  assert.deepEqual(await readiness(running.url), { ready: true, state: 'ready', database: 'up', durability });
});

test('promise 1: a database that does not wait for its log by itself waits before a message is acknowledged', async t => {
  let store: Store | undefined;
  const databaseUrl = await migrated(t, async () => store?.close());
  await lessDurable(databaseUrl);
  store = await openStore(databaseUrl, log, { smallRoom: 1, marked: () => {}, settled: async () => {} });
  assert.deepEqual((await store.db.query(shown)).rows, [{ synchronous_commit: 'off' }]);
  const lane = await store.turn('ana', [randomUUID()], tx => tx.query(shown));
  assert.deepEqual(lane.rows, [{ synchronous_commit: 'on' }]);
});

const shown = 'SHOW synchronous_commit';
/** As somebody may have set their own. That of the tests is without `fsync` and `full_page_writes` already. */
const lessDurable = (databaseUrl: string) =>
  onCluster(
    databaseUrl,
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$`,
  );
