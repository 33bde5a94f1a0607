import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Id, Message } from '@carpenter/protocol';
import pg from 'pg';
import { houseBehind } from './database-proxy.ts';
import { allRefused, awayForAll, deliver, history, readiness, send, sound } from './outage.ts';
import { account, direct } from './people.ts';

/** Two people who talk, in a house whose way to the database can fall silent. */
async function talking(t: TestContext) {
  const { url, databaseUrl, proxy } = await houseBehind(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  return { url, databaseUrl, proxy, ana, ben, room, hers: await ana.connect(t), his: await ben.connect(t) };
}

test('promise 1: while nothing passes between server and database for 20 s, everybody hears so; then all goes on, and nothing is doubled', async t => {
  const { url, proxy, ana, ben, room, hers, his } = await talking(t);
  await deliver(hers, room, randomUUID());
  const tried: Id[] = [];
  const newIds = (count: number): Id[] => {
    const ids = Array.from({ length: count }, () => randomUUID());
    tried.push(...ids);
    return ids;
  };
  const underWay = newIds(20).map(id => send(hers, room, id)); // so that it falls silent in the middle of something
  const heal = proxy.freeze();
  const waves = async () => {
    for (const until = performance.now() + 20_000; performance.now() < until; )
      await allRefused(hers, room, newIds(10));
  };
  await Promise.all([waves(), awayForAll(ben, room)]);
  const acked: Message[] = [];
  for (const answer of await Promise.all(underWay)) if (answer.type === 'ack') acked.push(answer.message);

  heal();
  const healed = performance.now();
  for (const id of tried) acked.push(await deliver(hers, room, id));
  while ((await ana.http('GET', `/conversations/${room}/messages`)).status !== 200) await pause(100);
  while (!JSON.stringify(await readiness(url)).includes('"state":"ready"')) await pause(100);
  await ben.connect(t);
  const ms = performance.now() - healed;
  assert.ok(ms < 10_000, `all is well after ${ms} ms`);
  const stored = await history(ana, room);
  sound(stored, acked);
  assert.equal(stored.length, 1 + tried.length);
  for (const { ws } of [hers, his]) assert.equal(ws.readyState, ws.OPEN, 'nobody was ended');
});

test('promise 4: what the database hears only after it was given up is not done any more: nobody would be told', async t => {
  const { databaseUrl, proxy, ana, room, hers, his } = await talking(t);
  await deliver(hers, room, randomUUID());
  const given = randomUUID();
  const arrive = proxy.freeze('carpenter lane');
  await allRefused(hers, room, [given]);
  await deliver(hers, room, randomUUID()); // over a connection that the lane has made since
  arrive();
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  for (let open = 3; open > 2; ) {
    const { rows } = await db.query(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
      AND application_name LIKE 'carpenter lane%'`);
    open = rows.length;
  }
  await db.end();
  assert.equal((await history(ana, room)).length, 2);

  const again = await send(hers, room, given);
  assert.ok(again.type === 'ack' && !again.duplicate, JSON.stringify(again));
  const told = await his.next('message.created', e => e.message.clientId === given);
  assert.equal(told.message.seq, 3);
});

test('what is done beside the lanes goes on, though the database does not know that a connection is lost', async t => {
  const { databaseUrl, proxy, room, hers } = await talking(t);
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  const indexed = async (seq: number) => {
    const sql = `SELECT 1 FROM asides WHERE name = 'search' AND conversation_id = $1 AND seen_seq >= $2`;
    while ((await db.query(sql, [room, seq])).rows.length === 0) await pause(100);
  };
  await indexed((await deliver(hers, room, randomUUID())).seq);
  const heal = proxy.freeze('carpenter search');
  await indexed((await deliver(hers, room, randomUUID())).seq);
  heal();
  await db.end();
});
