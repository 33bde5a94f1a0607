import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { defaults } from '../src/config.ts';
import { house } from './house.ts';
import { account, group, type Person } from './people.ts';

const longText = '😀'.repeat(8_000);
const fast = { rates: { ...defaults.rates, bytesPerMinute: 1_000_000_000 } };
async function fill(person: Person, room: string, messages: number): Promise<void> {
  for (let i = 0; i < messages; i++) {
    const draft = { clientId: randomUUID(), text: longText };
    assert.equal((await person.http('POST', `/conversations/${room}/messages`, draft)).status, 201);
  }
}
const get = (person: Person, path: string) =>
  `GET /api/v1${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${person.grant.accessToken}\r\n\r\n`;

async function open(t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {}); // its close is what tests look at
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

test('a page of the longest messages stays small, and the next page goes on where it ended', async t => {
  const { url } = await house(t);
  const anna = await account(url, 'anna');
  const room = await group(anna, []);
  await fill(anna, room, 20);
  const page = async (query: string, maxChars = 150_000) => {
    const { body } = await anna.http('GET', `/conversations/${room}/messages?limit=200${query}`);
    assert.ok(JSON.stringify(body).length < maxChars);
    assert.ok(Array.isArray(body.messages));
    const seqs = body.messages.map(message => Number(message.seq));
    return { first: seqs.at(0) ?? 0, last: seqs.at(-1) ?? 0, seqs, hasBefore: body.hasBefore, hasAfter: body.hasAfter };
  };
  const up: number[] = [];
  for (let last = 0; ; ) {
    const next = await page(`&after=${last}`);
    up.push(...next.seqs);
    last = next.last;
    if (!next.hasAfter) break;
  }
  const all = Array.from({ length: 21 }, (_, i) => i + 1); // the first is "created"
  assert.deepEqual(up, all);
  const down: number[] = [];
  for (let query = ''; ; ) {
    const before = await page(query);
    down.unshift(...before.seqs);
    query = `&before=${before.first}`;
    if (!before.hasBefore) break;
  }
  assert.deepEqual(down, all);
  assert.ok((await page('&around=11', 300_000)).seqs.includes(11));
});

test('what hangs on messages counts, too: a page of the largest metadata stays small, and none is left out', async t => {
  const { url } = await house(t);
  const anna = await account(url, 'anna');
  const room = await group(anna, []);
  const metadata = { large: 'x'.repeat(4_000) };
  for (let i = 0; i < 80; i++) {
    const draft = { clientId: randomUUID(), text: 'small', metadata };
    assert.equal((await anna.http('POST', `/conversations/${room}/messages`, draft)).status, 201);
  }
  const line = await anna.connect(t);
  let seen = 0;
  for (let since = 0, more = true; more; ) {
    const changes = await line.ask({ type: 'sync', conversationId: room, since });
    assert.ok(changes.type === 'changes' && JSON.stringify(changes).length < 150_000);
    seen += changes.messages.length;
    ({ rev: since, more } = changes);
  }
  assert.equal(seen, 81); // the first is "created"
});

test('long last messages make the list shorter, not larger: `ready` and its pages stay small', async t => {
  const { url } = await house(t);
  const anna = await account(url, 'anna');
  for (let i = 0; i < 20; i++) await fill(anna, await group(anna, []), 1);
  const { heard } = await anna.connect(t);
  assert.ok(JSON.stringify(heard[0]).length < 200_000);
  assert.ok(heard[0]?.type === 'ready' && heard[0].next !== undefined);
});

test('a hundred answers may be under way to one account, unread ones and event streams among them', async t => {
  const { url, port } = await house(t);
  const anna = await account(url, 'anna');
  const socket = await open(t, port);
  socket.write(get(anna, '/events') + get(anna, '/users/me').repeat(99)); // all wait behind the endless first
  await once(socket, 'data');
  const refused = await anna.http('GET', '/users/me');
  assert.equal(refused.body.code, 'rate.exceeded');
  socket.destroy();
  for (let status = 429; status !== 200; ) ({ status } = await anna.http('GET', '/users/me')); // room again
});

// Node looks twice, half a minute apart, whether anything moved.
test('who does not read what they asked for is cut off after a minute', { timeout: 180_000 }, async t => {
  const { url, port } = await house(t, fast);
  const anna = await account(url, 'anna');
  const room = await group(anna, []);
  await fill(anna, room, 20);
  const line = await anna.connect(t);
  const ends: Promise<unknown>[] = []; // of the server's side: ours would have to read to learn of it
  const watch = (told: unknown) => {
    assert.ok(typeof told === 'object' && told !== null && 'socket' in told && told.socket instanceof Socket);
    ends.push(once(told.socket, 'close'));
  };
  subscribe('net.server.socket', watch);
  const pages = await open(t, port);
  pages.pause().write(get(anna, `/conversations/${room}/messages`).repeat(60)); // more than the kernel takes
  const events = await open(t, port);
  events.pause().write(get(anna, '/events'));
  unsubscribe('net.server.socket', watch);
  assert.equal(ends.length, 2);
  for (let i = 0; i < 250; i++) {
    await line.ask({ type: 'message.send', conversationId: room, clientId: randomUUID(), text: longText });
  }
  await Promise.all(ends);
});

test('lists of drafts, of what waits to be sent and of reports are cut by how much text they hold, and go on', async t => {
  const { url } = await house(t);
  const [anna, mod] = [await account(url, 'anna'), await account(url, 'mod')];
  const room = await group(mod, [anna]);
  await fill(mod, room, 12);
  const sendAt = new Date(Date.now() + 3_600_000).toISOString();
  for (let i = 0; i < 12; i++) {
    const own = await group(anna, []);
    const writtenAt = new Date(Date.UTC(2026, 0, 1, 0, 0, i)).toISOString();
    await anna.http('PUT', `/conversations/${own}/draft`, { text: 'x'.repeat(32_000), writtenAt });
    await anna.http('POST', `/conversations/${room}/scheduled`, { text: longText, sendAt });
    await mod.http('POST', `/conversations/${room}/messages/${i + 2}/report`, { reason: 'spam' });
    await anna.http('POST', `/conversations/${room}/messages/${i + 2}/report`, { reason: 'spam' });
  }
  const owner = await account(url, 'owner');
  await mod.http('POST', `/conversations/${room}/members`, { userIds: [owner.id] });
  await mod.http('PATCH', `/conversations/${room}/members/${owner.id}`, { role: 'moderator' });
  const lists = [
    [anna, 'drafts'],
    [anna, 'scheduled'],
    [owner, 'reports'],
  ] as const;
  for (const [person, name] of lists) {
    let count = 0;
    for (let cursor = ''; ; ) {
      const { body } = await person.http('GET', `/${name}?limit=200${cursor}`);
      const list = body[name];
      assert.ok(Array.isArray(list) && JSON.stringify(body).length < 200_000, name);
      count += list.length;
      if (typeof body.next !== 'string') break;
      cursor = `&cursor=${body.next}`;
    }
    assert.equal(count, 12, name);
  }
});
