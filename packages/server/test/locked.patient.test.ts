import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { api, type Id } from '@carpenter/protocol';
import pg from 'pg';
import { openPool, transaction } from '../src/store/database.ts';
import { bucketOf } from '../src/store/shards.ts';
import { holding } from './holding.ts';
import { house, log, migrated } from './house.ts';
import { account, group, type Line, type Person } from './people.ts';

const lockHead = 'SELECT 1 FROM conversation_heads WHERE conversation_id = $1 FOR UPDATE';

/** Two conversations of the same lane. */
async function neighbours(owner: Person): Promise<[Id, Id]> {
  const first = await group(owner, []);
  for (;;) {
    const other = await group(owner, []);
    if (bucketOf(other) % 2 === bucketOf(first) % 2) return [first, other];
  }
}
const send = (line: Line, conversationId: Id, clientId = randomUUID()) =>
  line.ask({ type: 'message.send', conversationId, clientId, text: 'hello' });
/** What waits for a lock is refused after two seconds; each of these would take a quarter of one if it waited for it, too. */
async function sendFifteen(line: Line, room: Id, answered: readonly unknown[]): Promise<void> {
  for (let i = 1; i <= 15; i++) {
    assert.equal((await send(line, room)).type, 'ack');
    assert.deepEqual(answered, [], `before the ${i}th was stored`);
  }
}

test('a conversation that somebody has locked in the database waits alone; its senders hear when to try again, and nothing is lost', async t => {
  const { url, databaseUrl } = await house(t);
  const ana = await account(url, 'ana');
  const line = await ana.connect(t);
  const [stuck, free] = await neighbours(ana);
  const letGo = await holding(t, databaseUrl, lockHead, [stuck]);

  const clientIds = Array.from({ length: 5 }, () => randomUUID());
  const waiting = clientIds.map(id => send(line, stuck, id));
  const answered: string[] = [];
  for (const one of waiting) void one.then(e => answered.push(e.type));
  await sendFifteen(line, free, answered);
  // so does what is done otherwise, and what is done there is refused soon, too
  const edit = line.ask({ type: 'message.edit', conversationId: free, seq: 2, text: 'changed' });
  const there = line.ask({ type: 'reaction.add', conversationId: stuck, seq: 1, emoji: '👍' });
  assert.equal((await edit).type, 'ack');
  for (const one of [...waiting, there]) {
    const refused = await one;
    assert.ok(refused.type === 'error' && refused.code === 'overloaded', JSON.stringify(refused));
    assert.ok((refused.retryAfterMs ?? 0) > 0 && /busy/.test(refused.message));
  }
  assert.equal((await send(line, free)).type, 'ack');

  const again = clientIds.map(id => send(line, stuck, id)); // in the order in which they were written
  await letGo();
  for (const [i, one] of again.entries()) {
    const ack = await one;
    assert.ok(ack.type === 'ack' && ack.duplicate === undefined, JSON.stringify(ack));
    assert.equal(ack.message.seq, i + 2);
    assert.equal(ack.message.clientId, clientIds[i]);
  }
});

test('promise 3: somebody who locks two conversations in the opposite order delays them, and nobody is refused or overtaken', async t => {
  const { url, databaseUrl } = await house(t);
  const ana = await account(url, 'ana');
  const line = await ana.connect(t);
  const rooms = await neighbours(ana);
  const [low, high] = rooms.toSorted();
  const stranger = new pg.Client({ connectionString: databaseUrl });
  await stranger.connect();
  await stranger.query('BEGIN');
  await stranger.query(lockHead, [high]);
  const sent = Array.from({ length: 5 }, () => rooms.map(room => send(line, room))).flat(); // a batch locks them in order
  await stranger.query(lockHead, [low]);
  await stranger.query('COMMIT');
  await stranger.end();
  const placed = new Map<Id, number[]>();
  for (const one of sent) {
    const answer = await one;
    assert.ok(answer.type === 'ack', JSON.stringify(answer));
    const { conversationId, seq } = answer.message;
    placed.set(conversationId, [...(placed.get(conversationId) ?? []), seq]);
  }
  for (const room of rooms) assert.deepEqual(placed.get(room), [2, 3, 4, 5, 6]);
});

test('a conversation that is locked holds up its threads, which write in it, and nothing beside them', async t => {
  const { url, databaseUrl } = await house(t);
  const ana = await account(url, 'ana');
  const line = await ana.connect(t);
  const [stuck, free] = await neighbours(ana);
  await send(line, stuck);
  const { body } = await ana.http('POST', `/conversations/${stuck}/messages/2/thread`);
  const thread = api.thread.answers[201].parse(body).conversation.id;
  const letGo = await holding(t, databaseUrl, lockHead, [stuck]);
  const answered: string[] = [];
  const replies = Array.from({ length: 4 }, async () => {
    const answer = await send(line, thread);
    answered.push(answer.type);
  });
  assert.equal((await send(line, free)).type, 'ack');
  assert.ok(answered.length <= 1, 'one waits for the lock, the others wait aside');
  await Promise.all(replies);
  assert.deepEqual(answered, ['error', 'error', 'error', 'error']);
  await letGo();
  assert.equal((await send(line, thread)).type, 'ack');
});

test('a thread that is locked holds up who asks to hear it, and nothing beside them', async t => {
  const { url, databaseUrl } = await house(t);
  const ana = await account(url, 'ana');
  const line = await ana.connect(t);
  const [room, free] = await neighbours(ana);
  const threads: Id[] = [];
  for (const seq of [2, 3]) {
    await send(line, room);
    const { body } = await ana.http('POST', `/conversations/${room}/messages/${seq}/thread`);
    threads.push(api.thread.answers[201].parse(body).conversation.id);
  }
  const letGo = await holding(t, databaseUrl, lockHead, [threads[1]]);
  const answered: string[] = [];
  const asked = Array.from({ length: 4 }, async () => {
    const answer = await line.ask({ type: 'watch', conversationIds: threads });
    answered.push(answer.type);
  });
  assert.equal((await send(line, free)).type, 'ack');
  assert.ok(answered.length <= 1, 'one waits for the lock, the others wait aside');
  await Promise.all(asked);
  assert.deepEqual(answered, ['error', 'error', 'error', 'error']);
  await letGo();
});

test('a lock that was waited for in vain costs no connection', async t => {
  const databaseUrl = await migrated(t, async () => pool.end());
  const pool = openPool(databaseUrl, log);
  const letGo = await holding(t, databaseUrl, 'LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
  const waits = transaction(pool, async tx => {
    await tx.query('SET LOCAL lock_timeout = 10');
    await tx.query('SELECT FROM users');
  });
  await assert.rejects(waits, { code: '55P03' });
  assert.deepEqual([pool.totalCount, pool.idleCount], [1, 1]);
  await letGo();
  await transaction(pool, tx => tx.query('SELECT FROM users'));
});

test('with every connection for reading waiting for a lock, messages flow; who reads hears within seconds when to try again', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ...others] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'cem')];
  const line = await ana.connect(t);
  const room = await group(ana, []);
  await send(line, room);
  const letGo = await holding(t, databaseUrl, 'LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
  const answered: number[] = [];
  const read = async (person: Person) => {
    const answer = await person.http('GET', '/users/me');
    answered.push(answer.status);
    return answer;
  };
  const reads = [ana, ...others].flatMap(person => Array.from({ length: 14 }, () => read(person)));
  await sendFifteen(line, room, answered);
  const codes = new Set<unknown>();
  for (const { status, body } of await Promise.all(reads)) {
    assert.equal(status, 503);
    assert.ok(Number(body.retryAfterMs) > 0);
    codes.add(body.code);
  }
  assert.deepEqual([...codes].sort(), ['overloaded', 'storage_unavailable']);
  await letGo();
  assert.equal((await ana.http('GET', '/users/me')).status, 200);
});

test('while a table that messages need is locked, sends are refused in words; then all goes on', async t => {
  const { url, databaseUrl } = await house(t);
  const ana = await account(url, 'ana');
  const line = await ana.connect(t);
  const room = await group(ana, []);
  const letGo = await holding(t, databaseUrl, 'LOCK TABLE messages IN ACCESS EXCLUSIVE MODE');
  for (const refused of await Promise.all([send(line, room), send(line, room)])) {
    assert.ok(refused.type === 'error' && refused.code === 'storage_unavailable', JSON.stringify(refused));
  }
  await letGo();
  assert.equal((await send(line, room)).type, 'ack');
});

test('while the table in which a lane looks for locks is locked itself, every message gets an answer; then all goes on', async t => {
  const { url, databaseUrl } = await house(t);
  const ana = await account(url, 'ana');
  const line = await ana.connect(t);
  const room = await group(ana, []);
  const letGo = await holding(t, databaseUrl, 'LOCK TABLE conversation_heads IN ACCESS EXCLUSIVE MODE');
  const clientIds = Array.from({ length: 20 }, () => randomUUID());
  const refused = await Promise.all(clientIds.map(id => send(line, room, id)));
  for (const answer of refused) {
    assert.ok(answer.type === 'error' && answer.code === 'storage_unavailable', JSON.stringify(answer));
  }
  await letGo();
  for (const id of clientIds) assert.equal((await send(line, room, id)).type, 'ack');
});
