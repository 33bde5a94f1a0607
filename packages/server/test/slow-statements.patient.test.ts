import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { asRefusal } from '../src/faults.ts';
import { codeOf, openPool, transaction } from '../src/store/database.ts';
import { openLane } from '../src/store/lane.ts';
import { database, log } from './house.ts';

async function poolOf(t: TestContext) {
  const url = await database(t, () => db.end());
  const db = openPool(url, log);
  return db;
}

async function laneOf(t: TestContext) {
  const url = await database(t, () => lane.close());
  const lane = openLane({ url, name: 'the lane', log, connected: async () => {}, settled: async () => {} });
  return lane;
}

/** Leaves its transaction idle until PostgreSQL ends the connection. @returns why it did */
function ended(tx: pg.ClientBase): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('nobody ended it')), 20_000);
    tx.once('error', error => {
      clearTimeout(late);
      resolve(codeOf(error));
    });
  });
}

/** @returns what it answers to `question`, which is asked again as an outbox does */
async function goesOn(lane: ReturnType<typeof openLane>, question = 'SELECT 1'): Promise<unknown[]> {
  const asked = () => lane.turn('ben', [randomUUID()], async tx => (await tx.query(question)).rows);
  for (const until = performance.now() + 20_000; performance.now() < until; await pause(50)) {
    const rows: unknown[] = await asked().catch(() => []);
    if (rows.length === 1) return rows;
  }
  assert.fail('the lane did not go on');
}

/** Each waits for PostgreSQL by the clock: together they take as long as the longest. */
describe('what takes too long in the database', { concurrency: true }, () => {
  test('a question is ended by PostgreSQL, and who asked hears to come again', async t => {
    const db = await poolOf(t);
    const error: unknown = await db.query('SELECT pg_sleep(8)').catch((error: unknown) => error);
    assert.equal(codeOf(error), '57014', 'by statement_timeout, not by our own watch');
    const { code, retryAfterMs } = asRefusal(error, log);
    assert.equal(code, 'storage_unavailable');
    assert.ok((retryAfterMs ?? 0) > 0);
    assert.equal((await db.query('SELECT 1')).rowCount, 1);
  });

  test('a transaction that is left idle is ended and undone, and its place in the pool is free for another connection', async t => {
    const db = await poolOf(t);
    let why: string | undefined;
    const left = transaction(db, async tx => {
      await tx.query('CREATE TABLE half_done ()');
      why = await ended(tx);
      await tx.query('SELECT 1');
    });
    const refused = assert.rejects(left, error => asRefusal(error, log).code === 'storage_unavailable');
    assert.equal((await db.query('SELECT 1')).rowCount, 1, 'others are not held up');
    await refused;
    assert.equal(why, '25P03');
    const all = Array.from({ length: 8 }, () => db.query(`SELECT to_regclass('half_done') AS it`));
    for (const { rows } of await Promise.all(all)) assert.deepEqual(rows, [{ it: null }]);
  });

  test('a turn of a lane that stays in one statement is refused, the statement is ended, and the lane goes on', async t => {
    const lane = await laneOf(t);
    const ended = Promise.withResolvers<string | undefined>();
    const slow = lane.turn('ana', [randomUUID()], async tx => {
      await tx.query('CREATE TABLE half_done ()');
      await tx.query('SELECT pg_sleep(8)').catch((error: unknown) => {
        ended.resolve(codeOf(error));
        throw error;
      });
    });
    await assert.rejects(slow, { code: 'storage_unavailable' });
    assert.equal(await ended.promise, '57014', 'by statement_timeout, not by our own watch');
    assert.deepEqual(await goesOn(lane, `SELECT to_regclass('half_done') AS it`), [{ it: null }]);
  });

  test('a turn of a lane that asks nothing more is refused, its transaction is ended, and the lane goes on', async t => {
    const lane = await laneOf(t);
    const why = Promise.withResolvers<string | undefined>();
    const idle = lane.turn('ana', [randomUUID()], async tx => {
      why.resolve(ended(tx));
      await why.promise;
      await tx.query('SELECT 1');
    });
    await assert.rejects(idle, { code: 'storage_unavailable' });
    assert.equal(await why.promise, '25P03');
    await goesOn(lane);
  });
});
