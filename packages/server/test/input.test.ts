import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { busyMs } from '../../protocol/test/busy.ts';
import { house } from './house.ts';
import { account, group } from './people.ts';
import { sent } from './sent.ts';

test('a time, a topic or a cursor that cannot be stored is refused in words, never a fault of ours', async t => {
  const { url } = await house(t);
  const anna = await account(url, 'anna');
  const room = await group(anna, []);
  const refused = async (method: string, path: string, code: string, body?: unknown) => {
    const answer = await anna.http(method, path, body);
    assert.equal(answer.body.code, code, `${path} ${JSON.stringify(answer.body)}`);
  };
  const { seq } = await sent(anna, room, 'hello');
  const yearZero = '0000-01-01T00:00:00.000Z';
  const draft = { clientId: randomUUID(), text: 'hello', sentAt: yearZero };
  await refused('POST', `/conversations/${room}/messages`, 'input.invalid', draft);
  await refused('GET', `/heads?at=${yearZero}`, 'input.invalid');
  for (const topic of ['a\0b', 'a\ud800b']) {
    await refused('PATCH', `/conversations/${room}`, 'input.invalid', { topic });
  }
  for (const at of ['2026-02-31T00:00:00.000000Z', '0000-01-01T00:00:00.000000Z', '9999-99-99 99:99:99+99']) {
    const cursor = Buffer.from(JSON.stringify({ at, id: room })).toString('base64url');
    await refused('GET', `/conversations?cursor=${cursor}`, 'cursor.invalid');
    await refused('GET', `/mentions?cursor=${cursor}`, 'cursor.invalid');
    const thread = Buffer.from(JSON.stringify({ unread: true, at, id: room })).toString('base64url');
    await refused('GET', `/threads?cursor=${thread}`, 'cursor.invalid');
    const person = Buffer.from(JSON.stringify({ userId: anna.id, at })).toString('base64url');
    await refused('GET', `/conversations/${room}/messages/${seq}/reactions/👍?cursor=${person}`, 'cursor.invalid');
  }
  for (const place of [-1, 2_147_483_648, Number.MAX_SAFE_INTEGER]) {
    const cursor = Buffer.from(JSON.stringify({ seq: 1, place })).toString('base64url');
    await refused('GET', `/conversations/${room}/media?cursor=${cursor}`, 'cursor.invalid');
  }
  const found = { s: 'newest', p: 0, a: yearZero, c: room, n: 1, t: 0 };
  const cursor = Buffer.from(JSON.stringify(found)).toString('base64url');
  await refused('GET', `/search?q=hinge&cursor=${cursor}`, 'cursor.invalid');
});

test('the pages of the list of conversations follow one another to the end, each conversation once', async t => {
  const { url } = await house(t);
  const anna = await account(url, 'anna');
  const rooms: string[] = [];
  for (let i = 0; i < 7; i++) rooms.unshift(await group(anna, []));
  const seen: unknown[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await anna.http('GET', `/conversations?limit=2${cursor}`);
    assert.ok(Array.isArray(body.conversations));
    seen.push(...body.conversations.map(row => row.conversation.id));
    if (typeof body.next !== 'string') break;
    cursor = `&cursor=${body.next}`;
  }
  assert.deepEqual(seen, rooms);
});

test('metadata far too large is refused before it costs time', async t => {
  const { url } = await house(t);
  const anna = await account(url, 'anna');
  const room = await group(anna, []);
  const metadata = { a: Array.from({ length: 20_000 }, () => [[[[[1]]]]]) };
  const ms = await busyMs(async () => {
    const message = { clientId: randomUUID(), text: 'hello', metadata };
    assert.equal((await anna.http('POST', `/conversations/${room}/messages`, message)).status, 400);
  });
  assert.ok(ms < 250, `took ${Math.round(ms)} ms`);
});

test('four kibibytes of metadata stay four kibibytes for whoever reads them', async t => {
  const { url } = await house(t);
  const anna = await account(url, 'anna');
  const room = await group(anna, []);
  const send = (metadata: object) =>
    anna.http('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text: 'hello', metadata });
  assert.equal((await send({ n: [1e308] })).body.code, 'input.invalid'); // 309 digits inside PostgreSQL
  assert.equal((await send({ n: [1e-308] })).body.code, 'input.invalid');
  assert.equal((await send({ n: [0, -1.5, 1e20, 1e-20, Number.MAX_SAFE_INTEGER] })).status, 201);
});
