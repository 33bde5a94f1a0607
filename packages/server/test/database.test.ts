import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { pino } from 'pino';
import { isConnectionFault, openConnection, openPool } from '../src/store/database.ts';
import { openLane } from '../src/store/lane.ts';
import { database, log } from './house.ts';

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
    settled: () => {},
  });
  const began = performance.now();
  for (let i = 0; i < 30; i++)
    await assert.rejects(
      lane.turn(randomUUID(), async () => {}),
      { code: 'storage_unavailable' },
    );
  const lines = 1 + Math.floor((performance.now() - began) / 10_000);
  await lane.close();
  assert.ok(said.length >= 1 && said.length <= lines, `${said.length} lines`);
});
