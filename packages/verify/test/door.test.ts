import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import test, { type TestContext } from 'node:test';
import { api, type Event, type LoggedIn } from '@carpenter/protocol';
import { WebSocket, WebSocketServer } from 'ws';
import { defaults } from '../../server/src/config.ts';
import { house } from '../../server/test/house.ts';
import { account, password } from '../../server/test/people.ts';
import { ask } from '../src/clients/door.ts';
import { openLine } from '../src/clients/line.ts';
import type { Heard } from '../src/clients/read-frame.ts';
import { settledByDoor, settledByLine } from '../src/clients/settle.ts';
import { createWire } from '../src/clients/wire.ts';
import { randomOf } from '../src/world/random.ts';
import type { WithoutTime } from '../src/world/types.ts';

/** A server that answers everything in one way, a WebSocket handshake too. */
async function answering(t: TestContext, answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  return `http://127.0.0.1:${address.port}`;
}
const ana = { token: 'none', username: 'ana', greeting: 'header' } as const;
const busy = {
  type: '/api/docs#overloaded',
  title: 'Service Unavailable',
  status: 503,
  code: 'overloaded',
  detail: 'The server is busy.',
  retryAfterMs: 1_500,
};

test('an answer that is none of the protocol is a refusal of no list; only what breaks off is lost', async t => {
  const told = async (answer: (response: ServerResponse) => void) => {
    const came = await ask(await answering(t, answer), 'GET', '/me');
    return came.is === 'refusal' ? `${came.status} ${came.code}` : came.is;
  };
  assert.equal(await told(response => response.writeHead(500).end('<h1>Oops</h1>')), '500 http.500');
  assert.equal(await told(response => response.writeHead(200).end('<h1>Hello</h1>')), '200 http.200');
  assert.equal(await told(response => response.writeHead(403).end('{}')), '403 http.403');
  assert.equal(await told(response => response.writeHead(503).end(JSON.stringify(busy))), '503 overloaded');
  assert.equal(await told(response => response.writeHead(200).end('{}')), 'answer');
  assert.equal(await told(response => response.writeHead(204).end()), 'answer');
  assert.equal(await told(response => response.destroy()), 'lost');
  const torn = (response: ServerResponse) =>
    response.writeHead(200, { 'content-length': 9 }).write('{', () => response.destroy());
  assert.equal(await told(torn), 'lost');
});

test('a refused upgrade is told with its words and its wait', async t => {
  const ended = async (answer: (response: ServerResponse) => void) => {
    const url = await answering(t, answer);
    return openLine({ ...ana, url, hear: () => {}, outside: () => {} }).ended;
  };
  const { opened, by, retryAfterMs, refused } = await ended(response =>
    response.writeHead(503).end(JSON.stringify(busy)),
  );
  assert.deepEqual([opened, by, retryAfterMs], [false, 'nobody', 1_500]);
  assert.deepEqual([refused?.code, refused?.words], ['overloaded', 'The server is busy.']);
  const foreign = await ended(response => response.writeHead(502).end('Bad gateway'));
  assert.deepEqual([foreign.opened, foreign.refused?.code], [false, 'http.502']);
  const broken = await ended(response => response.destroy());
  assert.deepEqual([broken.opened, broken.refused], [false, undefined]);
});

/** Ana as a client of a run, and the first entry that it writes. */
async function wireOf(t: TestContext, url: string): Promise<{ over: AbortController; written: Promise<WithoutTime> }> {
  const over = new AbortController();
  t.after(() => over.abort(new Error('The test is over.')));
  const { promise: written, resolve: write } = Promise.withResolvers<WithoutTime>();
  await createWire({
    p: 'c1',
    url,
    account: { username: 'ana', password },
    record: { now: () => 0, write, async close() {} },
    failed: assert.ifError,
    signal: over.signal,
    random: randomOf(1),
    node: () => 'a',
    nextTry: () => 1,
    mayBeIn: () => true,
  });
  return { over, written };
}

test('whoever is refused before the upgrade writes that down', async t => {
  const { url } = await house(t, { rates: { ...defaults.rates, connectionsPerAddress: 0 } });
  await account(url, 'ana');
  const { over, written } = await wireOf(t, url);
  const entry = await written;
  assert.ok(entry.f === 'refused', entry.f);
  assert.deepEqual([entry.p, entry.code], ['c1', 'rate.exceeded']);
  assert.match(entry.words, /^Too fast\./);
  over.abort(new Error('The test is over.'));
});

/** A server that lets everybody in, and who comes first. */
async function letsIn(t: TestContext, grant?: LoggedIn): Promise<{ url: string; coming: Promise<WebSocket> }> {
  const server = createServer((_request, response) => response.end(JSON.stringify(grant))).listen(0, '127.0.0.1');
  t.after(() => server.close().closeAllConnections());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  const coming = once(new WebSocketServer({ server }), 'connection').then(([there]) => {
    assert.ok(there instanceof WebSocket);
    return there;
  });
  return { url: `http://127.0.0.1:${address.port}`, coming };
}
const typing: Event = { type: 'typing', conversationId: randomUUID(), userId: randomUUID(), active: true };

test('a frame that is not in the protocol is told as such, without what stands in it, and the next one is heard', async t => {
  const { url, coming } = await letsIn(t);
  const { promise: first, resolve: hear } = Promise.withResolvers<Heard>();
  const told: string[] = [];
  const line = openLine({ ...ana, url, hear, outside: words => void told.push(words) });
  const there = await coming;
  for (const frame of ['a secret', { type: 'made.up', text: 'a secret' }, { ...typing, active: 'a secret' }, typing])
    there.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  assert.deepEqual((await first).event, typing);
  assert.deepEqual(
    told.map(words => words.split(':')[0]),
    ['of no type', 'made.up', 'typing'],
  );
  assert.doesNotMatch(told.join(), /secret/);
  line.close();
  await line.ended;
});

test('a client writes down a frame that is not in the protocol', async t => {
  const { grant } = await account((await house(t)).url, 'ana');
  const { url, coming } = await letsIn(t, grant);
  const { written } = await wireOf(t, url);
  const there = await coming;
  there.send('{"type":"made.up"}');
  const entry = await written;
  assert.ok(entry.f === 'outside', entry.f);
  assert.deepEqual([entry.p, entry.what], ['c1', 'frame']);
});

test('what answers something else says nothing of a try, by a code of no list', () => {
  const settled = [
    settledByLine({ event: typing }),
    settledByDoor({ is: 'answer', status: 201, body: typing }, api.sendMessage.answers[201]),
  ];
  assert.deepEqual(
    settled.map(end => [end.is, 'code' in end && end.code]),
    [
      ['info', 'frame.typing'],
      ['info', 'http.201'],
    ],
  );
});

test('whoever hears nothing for too long goes, and says for how long', async t => {
  const { url, coming } = await letsIn(t);
  let skippedMs = 0;
  const now = performance.now.bind(performance);
  t.mock.method(performance, 'now', () => now() + skippedMs);
  const line = openLine({ ...ana, url, hear: () => {}, outside: () => {} });
  const there = await coming;
  skippedMs += 12_000;
  there.ping();
  await once(there, 'pong'); // a sign of life, so it stays
  skippedMs += 100_000;
  const { opened, by, code, silentMs = 0 } = await line.ended;
  assert.deepEqual([opened, by, code], [true, 'us', 1006]);
  assert.ok(silentMs >= 100_000, `${silentMs}`);
});
