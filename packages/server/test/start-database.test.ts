import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { CannotStart } from '../src/cannot-start.ts';
import { reachDatabase, withoutPassword } from '../src/reach-database.ts';
import { database, log } from './house.ts';

test('a database that is there is found', async t => {
  await reachDatabase(await database(t), log);
});

test('a database that does not answer is waited for, but not for ever', async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  const port = typeof address === 'object' ? address?.port : 0;
  await new Promise(resolve => probe.close(resolve));
  await assert.rejects(reachDatabase(`postgres://ana:hunter2@127.0.0.1:${port}/chat`, log, 1_000), (error: unknown) => {
    assert.ok(error instanceof CannotStart);
    assert.match(error.message, /ana@127.0.0.1:\d+\/chat could not be reached within 1 s/);
    assert.doesNotMatch(error.message, /hunter2/);
    return true;
  });
});

test('whatever a password looks like, it is not in the words', () => {
  for (const password of ['hunter2', 'hun@ter2', 'hunter2%40', 'hun:ter2', 'hun/ter2']) {
    const told = withoutPassword(`postgres://ana:${password}@db:5432/chat?sslmode=require&password=hunter2`);
    assert.equal(told, 'postgres://ana@db:5432/chat', password);
  }
});
