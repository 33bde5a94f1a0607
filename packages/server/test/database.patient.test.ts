import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Id } from '@carpenter/protocol';
import type pg from 'pg';
import { pino } from 'pino';
import { isConnectionFault, openConnection, openPool, transaction } from '../src/store/database.ts';
import { type Lane, openLane } from '../src/store/lane.ts';
import { database, log, migrated } from './house.ts';

test('a database that stands still in the middle of an answer is given up after some seconds', async t => {
  const url = await database(t, () => db.end());
  const db = openPool(url, log);
  const { rows } = await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const pid = rows[0]?.pid ?? assert.fail('no process');
  process.kill(pid, 'SIGSTOP'); // it cannot even see its own statement_timeout
  try {
    await assert.rejects(db.query('SELECT 1'), isConnectionFault);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  assert.equal((await db.query('SELECT 1')).rowCount, 1, 'and the next one gets another connection');
});

test('a connection whose settings are refused does not stay open', async t => {
  const url = await database(t, () => db.end());
  const db = openPool(url, log);
  await assert.rejects(openConnection(url, 'refused', { no_such_setting: 'on' }), /no_such_setting/);
  for (let open = 1; open > 0; ) {
    const { rows } = await db.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'refused'`);
    open = rows.length;
  }
});

test('while the database is away each message is refused, and the log says so once in a while', async () => {
  const said: string[] = [];
  const quiet = pino({ level: 'warn' }, { write: line => void said.push(line) });
  const lane = openLane({
    url: 'postgres://127.0.0.1:1/nothing',
    name: 'lane',
    log: quiet,
    connected: async () => {},
    settled: async () => {},
  });
  const began = performance.now();
  for (let i = 0; i < 30; i++)
    await assert.rejects(
      lane.turn('ana', [randomUUID()], async () => {}),
      { code: 'storage_unavailable' },
    );
  const lines = 1 + Math.floor((performance.now() - began) / 10_000);
  await lane.close();
  assert.ok(said.length >= 1 && said.length <= lines, `${said.length} lines`);
});

/** A lane on a database of its own. */
async function laneOf(t: TestContext, connected: () => Promise<void> = async () => {}) {
  const url = await database(t, async () => {
    await lane.close();
    await db.end();
  });
  const db = openPool(url, log);
  const lane = openLane({ url, name: 'the lane', log, connected, settled: async () => {} });
  return { db, lane };
}
const processOf = async (tx: pg.ClientBase): Promise<number> => {
  const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? assert.fail('no process');
};
/** The process behind the lane, once it answers again. */
async function next(lane: Lane): Promise<number> {
  for (;;) {
    const pid = await lane.turn('ana', [randomUUID()], processOf).catch(() => undefined);
    if (pid !== undefined) return pid;
    await pause(50);
  }
}

test('a lane that may not begin on a database, such as one that recovers, leaves no connection open there', async t => {
  const { db, lane } = await laneOf(t, () => Promise.reject(new Error('recovery is in progress')));
  const refused = { code: 'storage_unavailable' };
  for (let i = 0; i < 3; i++) await assert.rejects(lane.turn('ana', [randomUUID()], processOf), refused);
  for (let open = 1; open > 0; ) {
    const { rows } = await db.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'the lane'`);
    open = rows.length;
  }
});

for (const code of ['25006', '55000'])
  test(`a database that is not the primary any more (${code}) is away, and the lane looks for the new one`, async t => {
    const { lane } = await laneOf(t);
    const before = await lane.turn('ana', [randomUUID()], processOf);
    const fenced = `DO $$ BEGIN RAISE 'not here' USING ERRCODE = '${code}'; END $$`;
    const asked = lane.turn('ana', [randomUUID()], tx => tx.query(fenced));
    await assert.rejects(asked, { code: 'storage_unavailable' });
    assert.notEqual(await next(lane), before);
  });

for (const code of ['40001', '40P01'])
  test(`what was rolled back for another transaction (${code}) is to be tried again, and the lane goes on as it was`, async t => {
    const { lane } = await laneOf(t);
    const before = await lane.turn('ana', [randomUUID()], processOf);
    const asked = lane.turn('ana', [randomUUID()], async tx => {
      await tx.query('CREATE TABLE half_done ()');
      await tx.query(`DO $$ BEGIN RAISE 'after you' USING ERRCODE = '${code}'; END $$`);
    });
    await assert.rejects(asked, { code: 'overloaded' });
    const { rows } = await lane.turn('ana', [randomUUID()], tx => tx.query(`SELECT to_regclass('half_done') AS it`));
    assert.deepEqual(rows, [{ it: null }]);
    assert.equal(await lane.turn('ana', [randomUUID()], processOf), before);
  });

test('two transactions in each other’s way are both done: the one that was rolled back is tried once more', async t => {
  const url = await database(t, () => db.end());
  const db = openPool(url, log);
  await db.query('CREATE TABLE things AS SELECT id, 0 AS raised FROM generate_series(1, 2) AS id');
  let tries = 0;
  const both = Array.from({ length: 2 }, () => Promise.withResolvers<void>());
  const raise = (...ids: [number, number]) =>
    transaction(db, async tx => {
      tries++;
      for (const id of ids) {
        await tx.query('UPDATE things SET raised = raised + 1 WHERE id = $1', [id]);
        both[ids[0] - 1]?.resolve();
        await Promise.all(both.map(one => one.promise)); // so that each holds what the other wants
      }
    });
  await Promise.all([raise(1, 2), raise(2, 1)]);
  const { rows } = await db.query('SELECT raised FROM things');
  assert.deepEqual(rows, [{ raised: 2 }, { raised: 2 }]);
  assert.equal(tries, 3);
});

test('a transaction that has to give way again and again is given up after the second time', async t => {
  const url = await database(t, () => db.end());
  const db = openPool(url, log);
  let tries = 0;
  const asked = transaction(db, tx => {
    tries++;
    return tx.query(`DO $$ BEGIN RAISE 'after you' USING ERRCODE = '40001'; END $$`);
  });
  await assert.rejects(asked, { code: '40001' });
  assert.equal(tries, 2);
});

test('what waits in a lane is not refused because a clock is set', async t => {
  const { lane } = await laneOf(t);
  const go = Promise.withResolvers<void>();
  const under = lane.turn('ana', [randomUUID()], () => go.promise);
  const late = lane.turn('ana', [randomUUID()], processOf);
  t.mock.method(Date, 'now', () => 0); // set back: nothing would ever be late
  const refused = { code: 'storage_unavailable' };
  await Promise.all([assert.rejects(under, refused), assert.rejects(late, refused)]);
  go.resolve();
});

test('while a database stands still in a turn, who asked hears so in two seconds, and the lane is given back in one wait', async t => {
  const { lane } = await laneOf(t);
  const pid = await lane.turn('ana', [randomUUID()], processOf);
  const began = performance.now();
  process.kill(pid, 'SIGSTOP');
  try {
    await assert.rejects(
      lane.turn('ana', [randomUUID()], tx => tx.query('SELECT 1')),
      { code: 'storage_unavailable' },
    );
    assert.ok(performance.now() - began < 5_000, `refused after ${performance.now() - began} ms`);
    await next(lane);
    assert.ok(performance.now() - began < 11_000, `given back after ${performance.now() - began} ms`);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});

test('what was given up while it was under way is told, though another conversation of the lane is locked meanwhile', async t => {
  const told: Id[] = [];
  const url = await migrated(t, async () => {
    await lane.close();
    await db.end();
  });
  const db = openPool(url, log);
  const lane = openLane({
    url,
    name: 'the lane',
    log,
    connected: async () => {},
    settled: async (_, ids) => void told.push(...ids),
  });
  const [stuck, free] = [randomUUID(), randomUUID()];
  await db.query('INSERT INTO conversation_heads (conversation_id) VALUES ($1), ($2)', [stuck, free]);
  const stranger = await db.connect();
  try {
    await stranger.query('BEGIN');
    await stranger.query('SELECT 1 FROM conversation_heads WHERE conversation_id = $1 FOR UPDATE', [stuck]);
    for (const id of [stuck, free]) {
      const lost = lane.turn('ana', [id], tx => tx.query('SELECT pg_terminate_backend(pg_backend_pid())'));
      await assert.rejects(lost, { code: 'storage_unavailable' });
      if (id === stuck) await next(lane);
    }
    while (told.length === 0) await pause(50);
    assert.deepEqual(told, [free]);
  } finally {
    await stranger.query('ROLLBACK');
    stranger.release();
  }
});
