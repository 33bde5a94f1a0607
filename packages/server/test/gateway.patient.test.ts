import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import { api, type Event, type EventOf, fixed } from '@carpenter/protocol';
import pg from 'pg';
import { defaults } from '../src/config.ts';
import { house } from './house.ts';
import { account, direct, type Line, openLine, type Person } from './people.ts';

const bearer = (person: Person) => ({ headers: { authorization: `Bearer ${person.grant.accessToken}` } });
const say = (line: Line, text: string) => line.ws.send(text);

/** The last frame before the end, and the end. */
async function ending(line: Line): Promise<{ code: number; reason: string; closing: EventOf<'closing'> }> {
  const closing = await line.next('closing');
  const { code, reason } = await line.closed();
  assert.equal(closing.code, code, 'the closing frame announced this code');
  assert.ok(reason.length > 0, 'promise 6: no end without a reason');
  return { code, reason, closing };
}

test('a token comes by header, by subprotocol or in the first frame; the answer is ready', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const { accessToken: token } = ana.grant;
  const byHeader = openLine(url, '?username=ana', bearer(ana));
  const bySubprotocol = openLine(url, '', {}, [fixed.subprotocol, `bearer.${token}`]);
  const byFrame = openLine(url, '', {}, []);
  await once(byFrame.ws, 'open');
  const answer = await byFrame.ask({ type: 'auth', token });
  assert.equal(answer.type, 'ready');
  for (const line of [byHeader, bySubprotocol]) assert.equal((await line.next('ready')).user.username, 'ana');
  assert.equal(bySubprotocol.ws.protocol, fixed.subprotocol, 'the token is never echoed');
  for (const line of [byHeader, bySubprotocol, byFrame]) line.close();
});

test('promise 6: frames before a token are refused in words', async t => {
  const { url } = await house(t);
  const line = openLine(url);
  await once(line.ws, 'open');
  const answer = await line.ask({ type: 'heads' });
  assert.deepEqual([answer.type, answer.type === 'error' && answer.code], ['error', 'auth.required']);
  line.close();
});

test('promise 6: a wrong token, a wrong username, a token in the address: each has its code and its words', async t => {
  const { url } = await house(t);
  const [ana] = [await account(url, 'ana'), await account(url, 'ben')];
  assert.equal((await ending(openLine(url, '', { headers: { authorization: 'Bearer x.y.z' } }))).code, 4401);
  assert.equal((await ending(openLine(url, '?username=ben', bearer(ana)))).code, 4403);
  const inUrl = await ending(openLine(url, `?token=${ana.grant.accessToken}`));
  assert.deepEqual([inUrl.code, /address/.test(inUrl.reason)], [4401, true]);
});

test('a page of a foreign origin is refused before the upgrade, our own and programs are not', async t => {
  const { url, port } = await house(t, { allowedOrigins: ['https://friend.example'] });
  const ana = await account(url, 'ana');
  const status = async (origin: string) => {
    const line = openLine(url, '', { ...bearer(ana), origin });
    const found = await new Promise<number>(resolve => {
      line.ws.once('unexpected-response', (_request, response) => resolve(Number(response.statusCode)));
      line.ws.once('open', () => resolve(101));
    });
    line.ws.terminate();
    return found;
  };
  for (const origin of [
    'null',
    'https://evil.example',
    `http://127.0.0.1:${port}.evil.example`,
    `http://127.0.0.1:${port + 1}`,
    'https://friend.example.evil',
    'https://xfriend.example',
    'http://friend.example',
  ]) {
    assert.equal(await status(origin), 403, origin);
  }
  for (const origin of [`http://127.0.0.1:${port}`, 'https://friend.example'])
    assert.equal(await status(origin), 101, origin);
});

test('promise 6: malformed and unknown frames get an error each, more than ten in a minute end in 4400', async t => {
  const { url } = await house(t);
  const line = await (await account(url, 'ana')).connect(t);
  const wrong = [
    'null',
    '[]',
    '{',
    '{"type":1}',
    '{"type":"nothing"}',
    '{"type":"message.send"}',
    `${'['.repeat(15_000)}`,
    '{"type":"sync","conversationId":"x","since":-1,"ref":"mine"}',
    '{"type":"ping","ref":""}',
    '\ufeff{}',
  ];
  for (const [i, frame] of wrong.entries()) {
    say(line, frame);
    const { code } = await line.next('error');
    assert.match(code, /^(frame\.malformed|frame\.unknown_type|input\.invalid)$/, `${i}`);
  }
  assert.ok(
    line.heard.some(e => e.type === 'error' && e.ref === 'mine'),
    'the ref comes back when it can be read',
  );
  assert.ok(
    line.heard.every(e => e.type !== 'error' || e.ref !== ''),
    'and only when it is one',
  );
  say(line, '{}');
  assert.equal((await ending(line)).code, 4400);
});

test('promise 6: a flood of frames or pings ends in 4429 that says how long to wait', async t => {
  const { url } = await house(t, { rates: rates({ framesPerMinute: 100 }) });
  const ana = await account(url, 'ana');
  const typing = await ana.connect(t);
  for (let i = 0; i < 150; i++) typing.say({ type: 'ping' });
  const end = await ending(typing);
  assert.equal(end.code, 4429);
  assert.ok((end.closing.retryAfterMs ?? 0) > 0);
  assert.match(end.reason, /retry-after-ms=\d+/);
  const pinging = await ana.connect(t);
  for (let i = 0; i < 150; i++) pinging.ws.ping();
  assert.equal((await ending(pinging)).code, 4429);
});

test('promise 6: one account has a hundred connections at most, and together they say no more than ten may', async t => {
  const { url } = await house(t, { rates: { ...defaults.rates, framesPerMinute: 20 } });
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const lines: Line[] = [];
  for (let i = 0; i < 10; i++) {
    const ten = Array.from({ length: 10 }, () => openLine(url, '', bearer(ana)));
    await Promise.all(ten.map(line => line.next('ready')));
    lines.push(...ten);
  }
  const end = await ending(openLine(url, '', bearer(ana)));
  assert.deepEqual([end.code, end.closing.retryAfterMs], [4429, 60_000]);
  const stream = await fetch(`${url}/api/v1/events`, { headers: { authorization: `Bearer ${ana.grant.accessToken}` } });
  assert.match(await stream.text(), /"type":"closing","code":4429,.*"retryAfterMs":60000/, 'event streams count, too');
  await ben.connect(t);
  const [first, ...others] = lines;
  first?.close();
  await first?.closed();
  await ana.connect(t);
  for (const line of others) for (let i = 0; i < 5; i++) line.say({ type: 'ping' });
  const ended = await Promise.race(others.map(ending));
  assert.equal(ended.code, 4429);
  for (const line of others) line.ws.terminate();
});

test('promise 6: a connection that answers no ping ends in 4408, one that does stays', async t => {
  const { url } = await house(t, { heartbeatMs: 1_000 });
  const ana = await account(url, 'ana');
  const deaf = openLine(url, '', { ...bearer(ana), autoPong: false });
  const alive = await ana.connect(t);
  assert.equal((await ending(deaf)).code, 4408);
  assert.equal((await alive.ask({ type: 'ping' })).type, 'pong');
});

test('promise 6: a session is warned before its token ends, renews on the live connection, and ends in 4401 when it does not', async t => {
  const { url } = await house(t, { accessTokenSeconds: 8 });
  const ana = await account(url, 'ana');
  const renewing = openLine(url, '', bearer(ana));
  const lapsing = openLine(url, '', bearer(ana));
  const lapsedAt = lapsing.closed().then(() => Date.now());
  t.after(() => renewing.close());
  await renewing.next('auth.expiring');
  const refreshed = await fetch(`${url}/api/v1/auth/refresh`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refreshToken: ana.grant.refreshToken }),
  });
  const { accessToken } = api.refresh.answers[200].parse(await refreshed.json());
  const { expiresAt } = await renewing.next('ready');
  const renewed = await renewing.ask({ type: 'auth', token: accessToken });
  assert.ok(renewed.type === 'auth.renewed' && renewed.expiresAt > expiresAt);
  assert.equal((await ending(lapsing)).code, 4401);
  const lateMs = (await lapsedAt) - Date.parse(expiresAt);
  assert.ok(lateMs >= 0 && lateMs < 3_000, `it ended ${lateMs} ms after its token`);
  assert.equal((await renewing.ask({ type: 'ping' })).type, 'pong', 'the renewed one outlives its first token');
});

test('the warning comes a minute before the token ends, once', async t => {
  const { url } = await house(t, { accessTokenSeconds: 62 });
  const line = await (await account(url, 'ana')).connect(t);
  const { expiresAt } = await line.next('auth.expiring');
  const leftMs = Date.parse(expiresAt) - Date.now();
  assert.ok(leftMs <= fixed.expiryWarningMs && leftMs > fixed.expiryWarningMs - 5_000, `${leftMs} ms before`);
  await new Promise(resolve => setTimeout(resolve, 1_500)); // it is looked at once a second
  await line.ask({ type: 'ping' });
  assert.equal(line.heard.filter(({ type }) => type === 'auth.expiring').length, 1);
});

test('promise 6: logging a device out ends its connections in 4409 and leaves the others', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const here = await ana.connect(t);
  const login = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'ana', password: 'a long enough password', refresh: 'body' }),
  });
  const { accessToken } = api.login.answers[200].parse(await login.json());
  const there = openLine(url, '', { headers: { authorization: `Bearer ${accessToken}` } });
  const { sessionId } = await there.next('ready');
  assert.equal((await ana.http('DELETE', `/auth/sessions/${sessionId}`)).status, 204);
  assert.equal((await ending(there)).code, 4409);
  assert.equal((await here.ask({ type: 'ping' })).type, 'pong');
});

test('promise 6: a reader that asks for much, stops for some heartbeats and then sips gets every answer, and nobody else waits', async t => {
  const { url } = await house(t, {
    heartbeatMs: 1_000,
    rates: rates({ framesPerMinute: 1_000_000, bytesPerMinute: 1e10 }),
  });
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const slow = await ben.connect(t);
  const bystander = await ben.connect(t);
  const writer = await ana.connect(t);
  const text = 'x'.repeat(8_000);
  const write = () => writer.ask({ type: 'message.send', conversationId: room, clientId: randomUUID(), text });
  for (let i = 0; i < 20; i++) await write();
  slow.ws.pause();
  for (let i = 0; i < 120; i++) slow.say({ type: 'sync', conversationId: room, since: 0 }); // more than the kernel takes
  await new Promise(resolve => setTimeout(resolve, 5_000)); // as long as a dead one would be given
  await write(); // it hears of this one, too
  slow.ws.on('message', () => {
    slow.ws.pause();
    setTimeout(() => slow.ws.resume(), 10);
  });
  slow.ws.resume();
  const gone = slow.closed().then(({ code }) => assert.fail(`it was ended with ${code}`));
  const answers = async () => {
    for (let i = 0; i < 120; i++) await slow.next('changes');
  };
  await Promise.race([answers(), gone]);
  await bystander.next('message.created', e => e.message.seq === 21);
  assert.equal((await writer.ask({ type: 'ping' })).type, 'pong');
  gone.catch(() => {});
});

test('promise 4: a reader that falls behind is not queued for: it learns what to sync when it reads again', async t => {
  const { url } = await house(t, { rates: rates({ framesPerMinute: 1_000_000, bytesPerMinute: 1e10 }) });
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const [slow, writer] = [await ben.connect(t), await ana.connect(t)];
  const text = 'x'.repeat(8_000);
  const say = () => writer.ask({ type: 'message.send', conversationId: room, clientId: randomUUID(), text });
  let count = 0;
  const caughtUp = (e: Event) => e.type === 'activity' || (e.type === 'message.created' && e.message.seq === count);
  // more each time, until it is more than the kernel's buffers take; not at once: who is behind for long is ended
  for (let more = 250; !slow.heard.some(e => e.type === 'activity'); more *= 2) {
    slow.ws.pause();
    for (let i = 0; i < more; i += 50) await Promise.all(Array.from({ length: 50 }, say));
    count += more;
    slow.ws.resume();
    while (!slow.heard.some(caughtUp)) await new Promise(setImmediate);
  }
  const told = await slow.next('activity', e => e.rev > 0);
  assert.deepEqual([told.conversationId, told.lastSeq], [room, count]);
  const heard = slow.heard.filter(e => e.type === 'message.created').length;
  assert.ok(heard < count, `${heard} came as events, the rest by sync`);
});

test('promise 6: on SIGTERM everybody is sent on with 1012 and a wait of their own, after what is under way was acknowledged', async t => {
  const { url, drain, databaseUrl } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const [a, b] = [await ana.connect(t), await ben.connect(t)];
  const stranger = new pg.Client({ connectionString: databaseUrl });
  await stranger.connect();
  await stranger.query('BEGIN');
  await stranger.query('SELECT 1 FROM conversation_heads FOR UPDATE'); // the message will wait for this lock
  const underWay = a.ask({
    type: 'message.send',
    conversationId: room,
    clientId: randomUUID(),
    text: 'the last words',
  });
  await a.ask({ type: 'ping' }); // by now the server has read both
  const drained = drain();
  await ending(b);
  assert.equal(a.heard.filter(e => e.type === 'closing').length, 0, 'it waits for its answer');
  await stranger.query('COMMIT');
  await stranger.end();
  assert.equal((await underWay).type, 'ack');
  const { code, reason } = await ending(a);
  assert.deepEqual([code, /retry-after-ms=\d+/.test(reason)], [1012, true]);
  await drained;
});

const rates = (changes: object) => ({
  ...defaults.rates,
  bytesPerMinute: 1e10,
  loginTriesPerMinutePerAccount: 1e6,
  loginTriesPerMinutePerAddress: 1e6,
  registrationsPerHourPerAddress: 1e6,
  requestsPerMinute: 1e6,
  connectionsPerAddress: 1e6,
  ...changes,
});

test('many auth frames at once: the first logs in, each of the others is answered, and somebody else’s token ends in 4403', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const line = openLine(url, '', {}, []);
  await once(line.ws, 'open');
  const { accessToken: token } = ana.grant;
  const answers = await Promise.all([1, 2, 3, 4].map(() => line.ask({ type: 'auth', token })));
  assert.deepEqual(
    answers.map(answer => answer.type),
    ['ready', 'auth.renewed', 'auth.renewed', 'auth.renewed'],
  );
  line.say({ type: 'auth', token: ben.grant.accessToken });
  assert.equal((await ending(line)).code, 4403);
});
