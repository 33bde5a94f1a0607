import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { pino } from 'pino';
import { z } from 'zod';
import { startJobs, task } from '../src/jobs/jobs.ts';
import { openPool } from '../src/store/database.ts';
import { addJob } from '../src/store/jobs.ts';
import { database } from './house.ts';

test('a job outlives the process that noted it, is tried again when it fails, and a shutdown waits for it', async t => {
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: line => void lines.push(line) });
  const url = await database(t, () => db.end());
  const db = openPool(url, log);
  const heard: number[] = [];
  const twice = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const hold = Promise.withResolvers<void>();
  const tasks = [
    task({
      name: 'count',
      payload: z.object({ n: z.int() }),
      run: async ({ n }) => {
        heard.push(n);
        if (heard.length === 1) throw new Error('not this time');
        twice.resolve();
      },
    }),
    task({
      name: 'long',
      payload: z.object({}),
      run: async () => {
        begun.resolve();
        await hold.promise;
        heard.push(0);
      },
    }),
  ];
  const first = await startJobs(url, log, []);
  await first.close();
  assert.deepEqual(lines, [], 'the first start is silent');

  await addJob(db, 'count', { n: 1 }, { key: 'same' });
  await addJob(db, 'count', { n: 2 }, { key: 'same' });
  const second = await startJobs(url, log, tasks);
  await twice.promise;
  assert.deepEqual(heard, [2, 2], 'of two with the same key the later one, until it succeeds');
  assert.match(lines.join(), /not this time/);

  await addJob(db, 'long', {});
  await begun.promise;
  const closed = second.close();
  hold.resolve();
  await closed;
  assert.deepEqual(heard, [2, 2, 0]);
  const { rows } = await db.query(`SELECT 1 FROM jobs.jobs`);
  assert.equal(rows.length, 0, 'nothing is left');
});

test('a database that is away in the moment when a job is done ends nothing, and the jobs go on when it is back', async t => {
  const stopped = Promise.withResolvers<void>();
  const write = (line: string) => line.includes('the jobs stopped') && stopped.resolve();
  const log = pino({ level: 'warn' }, { write });
  const url = await database(t, () => db.end());
  const db = openPool(url, log);
  const [begun, hold, after] = [1, 2, 3].map(() => Promise.withResolvers<void>());
  assert.ok(begun && hold && after);
  const run = async () => {
    begun.resolve();
    await hold.promise;
  };
  const jobs = await startJobs(url, log, [
    task({ name: 'long', payload: z.object({}), run }),
    task({ name: 'after', payload: z.object({}), run: async () => after.resolve() }),
  ]);
  await addJob(db, 'long', {});
  await begun.promise;
  const [name = ''] = /test_\w+/.exec(url) ?? [];
  const cluster = new pg.Client({ connectionString: url.replace(name, 'postgres') });
  await cluster.connect();
  await cluster.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await cluster.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  hold.resolve();
  await stopped.promise;
  await cluster.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  await cluster.end();
  await addJob(db, 'after', {});
  await after.promise;
  await jobs.close();
});

test('a database that is too busy while the jobs begin keeps none of them waiting for the next start', async t => {
  const began = Promise.withResolvers<void>();
  const write = (line: string) => line.includes('the jobs stopped') && began.resolve();
  const log = pino({ level: 'warn' }, { write });
  const url = await database(t, () => db.end());
  const db = openPool(url, log);
  const done = Promise.withResolvers<void>();
  const first = await startJobs(url, log, []);
  await first.close();
  const busy = await db.connect();
  await busy.query('BEGIN; LOCK TABLE jobs._private_tasks');
  const jobs = await startJobs(url, log, [
    task({ name: 'late', payload: z.object({}), run: async () => done.resolve() }),
  ]);
  t.after(() => jobs.close());
  await began.promise; // said so
  await busy.query('COMMIT');
  busy.release();
  await addJob(db, 'late', {});
  await done.promise;
});
