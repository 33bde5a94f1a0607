import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import pg from 'pg';
import { house } from './house.ts';
import { account, direct } from './people.ts';

test('a database that was lost and came back as another epoch is noticed without a restart, and nothing is lost in between', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const a = await ana.connect(t);
  const send = (text: string) => a.ask({ type: 'message.send', conversationId: room, clientId: randomUUID(), text });
  assert.equal((await send('before')).type, 'ack');
  const before = await a.ask({ type: 'heads' });

  const operator = new pg.Client({ connectionString: databaseUrl });
  await operator.connect();
  await operator.query('UPDATE installation SET id = gen_random_uuid()'); // what a restore does
  await operator.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  await operator.end();

  let answer = await send('after');
  while (answer.type === 'error') {
    assert.equal(answer.code, 'storage_unavailable', 'worth another try, and says so');
    assert.ok(answer.retryAfterMs);
    answer = await send('after');
  }
  const after = await a.ask({ type: 'heads' });
  assert.ok(before.type === 'heads' && after.type === 'heads');
  assert.notEqual(after.epoch, before.epoch);
});
