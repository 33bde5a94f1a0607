import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { type Close, closes, type Event, type Id, type PresenceStatus, retryAfterOf } from '@carpenter/protocol';
import pg from 'pg';
import { createGate } from '../src/auth/gate.ts';
import { defaults } from '../src/config.ts';
import { type Frame, frameOf } from '../src/gateway/frame.ts';
import { behindBytes, createSeat, tooSlowBytes } from '../src/gateway/seat.ts';
import { createRecent } from '../src/recent.ts';
import { openLane } from '../src/store/lane.ts';
import { house, log, migrated } from './house.ts';
import { account, group, openLine } from './people.ts';

// docs/limits.md lists every queue, map and cache; here are the limits that no other test reaches.

test('promise 6: a full node sends the next one away with a wait, and takes them once somebody has gone', async t => {
  const { url } = await house(t, { connectionsMax: 2 });
  const ana = await account(url, 'ana');
  const bearer = { headers: { authorization: `Bearer ${ana.grant.accessToken}` } };
  const [first] = [await ana.connect(t), await ana.connect(t)];
  const { code, reason } = await openLine(url, '', bearer).closed();
  assert.equal(code, 1013);
  assert.ok((retryAfterOf(reason) ?? 0) > 0, reason);
  const stream = await fetch(`${url}/api/v1/events`, bearer);
  assert.match(await stream.text(), /"code":1013/);
  first.close();
  await first.closed();
  await ana.connect(t);
});

test('one address has so many connections that have not logged in, and no more', async t => {
  const { url } = await house(t, { rates: { ...defaults.rates, connectionsPerAddress: 2 } });
  const strangers = [openLine(url), openLine(url)];
  await Promise.all(strangers.map(({ ws }) => once(ws, 'open')));
  const third = openLine(url);
  const [, response] = await once(third.ws, 'unexpected-response');
  assert.equal(response.statusCode, 429);
  third.ws.terminate();
  for (const line of strangers) line.close();
});

test('handshakes of strangers are counted by address, and who has a good token comes in all the same', async t => {
  const { url } = await house(t, { rates: { ...defaults.rates, requestsPerMinute: 2 } });
  const ana = await account(url, 'ana');
  const bearing = (token: string) => openLine(url, '', { headers: { authorization: `Bearer ${token}` } });
  for (let i = 0; i < 2; i++) assert.equal((await bearing('a.wrong.token').closed()).code, 4401);
  for (const line of [bearing('a.wrong.token'), openLine(url)]) {
    const [, response] = await once(line.ws, 'unexpected-response');
    assert.equal(response.statusCode, 429);
    assert.ok(Number(response.headers['retry-after']) > 0);
    line.ws.terminate();
  }
  await ana.connect(t);
});

test('of one connection 64 commands are under way; the next is read when one of them is answered', async t => {
  const { url, databaseUrl } = await house(t);
  const ana = await account(url, 'ana');
  const room = await group(ana, []);
  const line = await ana.connect(t);
  const stranger = new pg.Client({ connectionString: databaseUrl });
  await stranger.connect();
  await stranger.query('BEGIN');
  await stranger.query('SELECT FROM conversation_heads WHERE conversation_id = $1 FOR UPDATE', [room]);
  for (let i = 0; i < 64; i++) {
    line.say({ type: 'message.send', conversationId: room, clientId: randomUUID(), text: 'waits', ref: String(i) });
  }
  await line.ask({ type: 'ping' });
  await stranger.end();
  const [answer] = line.heard.filter(e => e.type !== 'ready' && e.type !== 'receipt');
  assert.ok(answer?.type === 'error', `${answer?.type} came first`);
});

/** A seat whose `ready` is being made, and what its line was given. */
function waitingSeat() {
  const written: Event[] = [];
  const ends: Close[] = [];
  const line = {
    write: ({ event }: Frame) => void written.push(event),
    waiting: () => 0,
    end: (close: Close) => void ends.push(close),
  };
  const seat = createSeat('seat', { userId: randomUUID(), username: 'ana', sessionId: randomUUID() }, line);
  const ready = () => seat.open({ type: 'pong', serverTime: new Date().toISOString() });
  return { seat, written, ends, ready };
}

test('what comes while `ready` is made is held back up to a thousand events; the rest is named as something to sync', () => {
  const { seat, written, ends, ready } = waitingSeat();
  const conversationId = randomUUID();
  for (let rev = 1; rev <= 1_500; rev++) {
    const event = { type: 'conversation.updated', conversationId, rev } as const;
    seat.hear(frameOf(JSON.parse(JSON.stringify(event))));
  }
  ready();
  seat.drained();
  assert.ok(written.length <= 1_002, `${written.length} frames`);
  assert.deepEqual(written.at(-1), { type: 'activity', conversationId, rev: 1_500, lastSeq: 0 });
  assert.deepEqual(ends, []);
});

test('nor is more held back than may wait for a reader', () => {
  const { seat, written, ends, ready } = waitingSeat();
  const conversationId = randomUUID();
  const name = 'x'.repeat(100_000);
  for (let rev = 1; rev <= 10; rev++) {
    const event = { type: 'conversation.updated', conversationId, rev, conversation: { name } } as const;
    seat.hear(frameOf(JSON.parse(JSON.stringify(event))));
  }
  for (let i = 0; i < 10; i++)
    seat.hear(frameOf({ type: 'conversation.removed', conversationId: randomUUID(), rev: 1 }));
  ready();
  seat.drained();
  const types = Object.groupBy(written, ({ type }) => type);
  assert.deepEqual(
    Object.entries(types).map(([type, events]) => [type, events?.length]),
    [
      ['pong', 1],
      ['conversation.updated', 3],
      ['conversation.removed', 10],
      ['activity', 1],
    ],
  );
  assert.deepEqual(written.at(-1), { type: 'activity', conversationId, rev: 10, lastSeq: 0 });
  assert.deepEqual(ends, []);
});

test('promise 6: beyond those a thousand, what cannot be left out ends the connection with 4410, and nothing more is kept for it', () => {
  const { seat, written, ends, ready } = waitingSeat();
  const hear = () => seat.hear(frameOf({ type: 'conversation.removed', conversationId: randomUUID(), rev: 1 }));
  for (let i = 0; i < 1_000; i++) hear();
  assert.deepEqual(ends, []);
  hear();
  assert.deepEqual(ends, [closes.tooSlow]);
  ready();
  assert.deepEqual(
    written.map(({ type }) => type),
    ['pong'],
  );
});

test('a reader behind its own large answers is named what to sync, not ended for the next event', () => {
  const written: string[] = [];
  const waiting = { bytes: 0 };
  const write = ({ event }: Frame) => void written.push(event.type);
  const line = { write, waiting: () => waiting.bytes, end: () => assert.fail('it was ended') };
  const seat = createSeat('seat', { userId: randomUUID(), username: 'ana', sessionId: randomUUID() }, line);
  seat.open({ type: 'pong', serverTime: new Date().toISOString() });
  waiting.bytes = 2 * tooSlowBytes;
  const event = { type: 'conversation.updated', conversationId: randomUUID(), rev: 1 } as const;
  seat.hear(frameOf(JSON.parse(JSON.stringify(event))));
  assert.deepEqual(written, ['pong']);
  waiting.bytes = 0;
  seat.drained();
  assert.deepEqual(written, ['pong', 'activity']);
});

test('promise 4: a reader who was behind hears of each person how it is with them by now, and every change of a name', () => {
  const written: Event[] = [];
  const waiting = { bytes: 0 };
  const write = ({ event }: Frame) => void written.push(event);
  const line = { write, waiting: () => waiting.bytes, end: () => assert.fail('it was ended') };
  const seat = createSeat('seat', { userId: randomUUID(), username: 'ana', sessionId: randomUUID() }, line);
  seat.open({ type: 'pong', serverTime: new Date().toISOString() });
  const [ben, cem] = [randomUUID(), randomUUID()];
  const is = (userId: Id, status: PresenceStatus) =>
    ({ type: 'presence', userId, username: 'x', status, event: 'changed' }) as const;
  const user = { id: ben, username: 'ben', displayName: 'Benedikt', createdAt: new Date().toISOString() };
  waiting.bytes = 2 * behindBytes;
  for (const event of [
    is(ben, 'online'),
    is(cem, 'online'),
    is(ben, 'away'),
    { type: 'user.updated', user } as const,
  ]) {
    seat.hear(frameOf(event));
  }
  assert.deepEqual(written.slice(1), [{ type: 'user.updated', user }]);
  waiting.bytes = 0;
  seat.drained();
  assert.deepEqual(written.slice(2), [is(ben, 'away'), is(cem, 'online')]);
  seat.hear(frameOf(is(cem, 'offline')));
  seat.drained();
  assert.deepEqual(written.slice(4), [is(cem, 'offline')], 'once');
});

test('so does whoever had more to hear than is held back while `ready` is made', () => {
  const { seat, written, ready } = waitingSeat();
  const people = Array.from({ length: 1_001 }, () => randomUUID());
  for (const userId of people) {
    seat.hear(frameOf({ type: 'presence', userId, username: 'x', status: 'online', event: 'joined' }));
  }
  ready();
  seat.drained();
  assert.deepEqual(
    written.flatMap(e => (e.type === 'presence' ? [e.userId] : [])),
    people,
  );
});

test('ten thousand wait for a lane whose database does not answer, however greedy some are; the next is refused at once', async () => {
  const silent = createServer(socket => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const url = `postgres://ana@127.0.0.1:${port}/chat`;
  const lane = openLane({ url, name: 'lane', log, connected: async () => {}, settled: async () => {} });
  const answers: Promise<string>[] = [];
  const ask = (who: Id) => {
    const answer = lane
      .turn(who, [randomUUID()], async () => {})
      .then(
        () => 'done',
        error => error.code,
      );
    answers.push(answer);
    return answer;
  };
  const began = performance.now();
  for (let person = 0; person < 10; person++) {
    for (let i = 0; i < 1_000; i++) ask(`greedy ${person}`);
    assert.equal(await ask(`greedy ${person}`), 'overloaded', 'nobody has a thousand places');
  }
  const greedy = answers.length;
  for (let person = 0; person < 10_000; person++) ask(`modest ${person}`);
  assert.equal(await ask('another'), 'overloaded');
  assert.ok(performance.now() - began < 1_500);
  const all = await Promise.all(answers); // those that wait are not kept for ever
  const waited = (some: string[]) => some.filter(answer => answer === 'storage_unavailable').length;
  assert.equal(waited(all), 10_000);
  assert.ok(waited(all.slice(greedy)) > 3_000, 'ten people leave places to others');
  await lane.close();
  await assert.rejects(
    lane.turn('ana', [randomUUID()], async () => {}),
    { code: 'server.draining' },
  );
  silent.close();
});

test('whoever asks for much waits for themselves: others have their turns between, and what each asks for keeps its order', async t => {
  const url = await migrated(t);
  const lane = openLane({ url, name: 'lane', log, connected: async () => {}, settled: async () => {} });
  const done: string[] = [];
  const open = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  const turn = (who: Id, what: string) => lane.turn(who, [randomUUID()], async () => void done.push(`${who} ${what}`));
  const message = (senderId: Id, what: string) => {
    const fresh = { id: randomUUID(), conversationId: randomUUID(), senderId, clientId: randomUUID(), text: '' };
    return lane.append(fresh).then(() => void done.push(`${senderId.slice(0, 3)} ${what}`));
  };
  const ben = 'be000000-0000-4000-8000-000000000000';
  try {
    const first = lane.turn('ana', [randomUUID()], async () => {
      began.resolve();
      await open.promise;
    });
    await began.promise;
    const asked = [first];
    for (let i = 1; i <= 100; i++) asked.push(turn('ana', String(i)));
    asked.push(message(ben, '1'), turn(ben, '2'), message(ben, '3'), turn('cem', '1'));
    open.resolve();
    await Promise.all(asked);
  } finally {
    await lane.close();
  }
  assert.deepEqual(done.slice(0, 7), ['ana 1', 'be0 1', 'cem 1', 'ana 2', `${ben} 2`, 'ana 3', 'be0 3']);
  assert.deepEqual(
    done.filter(one => one.startsWith('ana')),
    Array.from({ length: 100 }, (_, i) => `ana ${i + 1}`),
  );
});

test('what is remembered is the latest, however much there is', () => {
  const recent = createRecent<string, number>(100_000);
  for (let i = 0; i <= 100_000; i++) recent.set(String(i), i);
  assert.equal(recent.size, 100_000);
  assert.deepEqual([recent.has('0'), recent.has('100000')], [false, true]);
});

test('a gate lets as many wait as it says', async () => {
  const gate = createGate(1, 2, waiting => {
    throw new Error(`${waiting} wait`);
  });
  const open = Promise.withResolvers<void>();
  const inside = [1, 2, 3].map(() => gate(() => open.promise));
  await assert.rejects(
    gate(async () => {}),
    /2 wait/,
  );
  open.resolve();
  await Promise.all(inside);
});
