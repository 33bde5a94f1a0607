import assert from 'node:assert/strict';
import test from 'node:test';
import { holding } from '../../../server/test/holding.ts';
import { house } from '../../../server/test/house.ts';
import { webServer } from '../../../server/test/outside-world.ts';
import { createHttp } from '../../src/http.ts';
import { createClient } from '../../src/index.ts';
import { mediaClient } from '../../src/media-client.ts';
import { cell } from '../../src/observable.ts';
import { createSession } from '../../src/session.ts';
import { memoryStorage } from '../../src/storage/memory.ts';
import { openTabs } from '../../src/tabs.ts';
import { proxyTo } from '../proxy.ts';
import { clientOf, newcomer, online, open, password, reads, until } from '../world.ts';

test('an access token is renewed before it ends, and nobody notices', async t => {
  const { url } = await house(t, { accessTokenSeconds: 5 });
  const proxy = await proxyTo(t, url);
  const ana = await newcomer(t, proxy.url, 'ana');
  const phases: string[] = [];
  ana.client.connection.subscribe(() => phases.push(ana.client.connection.get().phase));
  await proxy.passed('POST /api/v1/auth/refresh', 2); // at the second the first token has ended
  const ben = await newcomer(t, url, 'ben');
  await ana.client.conversation(await ana.client.beginDirect(ben.id)).reload();
  assert.deepEqual(phases, []);
});

test('a connection that the server ends with its token comes back with a new one, without a word', async t => {
  const { url } = await house(t, { accessTokenSeconds: 2 });
  const late = () => -10; // puts the renewal behind the end of the token
  const ana = await newcomer(t, url, 'ana', { random: late });
  const { session } = ana.client;
  await until(ana.client.connection, c => c.phase === 'connecting', 'the end of the token');
  await online(ana.client);
  assert.equal(session.get().phase, 'signedIn');
  assert.equal((await ana.client.sessions()).length, 1);
});

test('a client begins where the last one ended, without a password', async t => {
  const { url } = await house(t);
  const storage = memoryStorage();
  const first = createClient({ url, storage });
  await first.register({ username: 'ana', password: 'a long enough password' });
  await online(first);
  await first.close();
  const second = clientOf(t, { url, storage });
  const state = await until(second.session, s => s.phase === 'signedIn', 'the session');
  assert.equal(state.phase === 'signedIn' && state.me.username, 'ana');
  await online(second);
});

test('promise 6: a session that is ended from another device says so, and keeps what was not sent', async t => {
  const { url, databaseUrl } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const id = await ana.client.beginGroup('Kitchen', []);
  const other = clientOf(t, { url });
  await other.login({ username: 'ana', password: 'a long enough password' });
  const [victim] = (await other.sessions()).filter(s => !s.current);
  assert.ok(victim);
  const letGo = await holding(t, databaseUrl, 'LOCK TABLE messages IN SHARE MODE');
  ana.client.conversation(id).send('on its way');
  await other.endSession(victim.id);
  const state = await until(ana.client.session, s => s.phase === 'signedOut', 'the end');
  assert.equal(state.phase === 'signedOut' && state.because?.code, 'sessionEnded');
  assert.equal(ana.client.connection.get().phase, 'stopped');
  assert.deepEqual(ana.client.outbox.get(), []);
  await ana.client.login({ username: 'ana', password });
  await until(ana.client.outbox, ([unsent]) => unsent?.text === 'on its way', 'what was not sent');
  await letGo();
  await reads(open(t, ana.client, id), ['on its way']);
  await until(ana.client.outbox, list => list.length === 0, 'an empty outbox');
});

test('a wrong password is refused in words, and a username says whether it is free', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  await ana.client.logout();
  assert.deepEqual(ana.client.session.get(), { phase: 'signedOut' });
  await assert.rejects(ana.client.login({ username: 'ana', password: 'not the password' }), { code: 'auth.wrong' });
  assert.deepEqual([await ana.client.usernameFree('ana'), await ana.client.usernameFree('ben')], [false, true]);
  await ana.client.login({ username: 'Ana', password: 'a long enough password' });
  await online(ana.client);
});

test('what another program answers at this address is told from silence, and from a proxy that finds no server', async t => {
  const { url } = await house(t);
  const storage = memoryStorage();
  const first = createClient({ url, storage });
  await first.register({ username: 'ana', password });
  await first.close();
  let answer: readonly [status: number, body: string] = [200, ''];
  const other = await webServer(t, (_, response) => response.writeHead(answer[0]).end(answer[1]));
  const stranger = clientOf(t, { url: other.url });
  for (const [status, body, code] of [
    [200, '<h1>Welcome to the hotel</h1>', 'foreign'],
    [200, '["another", "program"]', 'foreign'],
    [200, '{"login": "required"}', 'foreign'],
    [200, '', 'foreign'],
    [404, '<h1>Not here</h1>', 'foreign'],
    [502, '<h1>Bad gateway</h1>', 'unreachable'],
  ] as const) {
    answer = [status, body];
    await assert.rejects(stranger.login({ username: 'ana', password }), { code: `network.${code}` }, body);
  }
  answer = [200, '<h1>Welcome to the hotel</h1>'];
  const ana = clientOf(t, { url: other.url, storage });
  await until(ana.connection, c => c.phase === 'waiting' && c.because.code === 'network.foreign', 'words');
  assert.equal(ana.session.get().phase, 'signedIn');
});

test('what another program answers to a picture of mine is told as that', async t => {
  const user = { id: 'ana', username: 'ana', displayName: 'Ana', createdAt: '', role: 'member', preferences: {} };
  const hour = new Date(Date.now() + 3_600_000).toISOString();
  const loggedIn = JSON.stringify({ user, accessToken: 'a token', expiresAt: hour, refreshToken: 'another' });
  let answer = '{"login": "required"}';
  const other = await webServer(t, ({ url }, response) =>
    response.end(url === '/api/v1/auth/login' ? loggedIn : answer),
  );
  const storage = memoryStorage();
  const tabs = openTabs(other.url);
  const session = createSession({ http: createHttp(other.url), storage, tabs, tokens: 'storage', now: Date.now });
  await session.enter('login', { username: 'ana', password });
  const ana = mediaClient(other.url, session, () => undefined, cell([]));
  await assert.rejects(ana.setPicture(new Blob(['a picture'])), { code: 'network.foreign' });
  answer = '<h1>Welcome to the hotel</h1>';
  await assert.rejects(ana.setPicture(new Blob(['a picture'])), { code: 'network.foreign' });
});

test('a second device of mine shows what the first one did', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const ben = await newcomer(t, url, 'ben');
  const phone = clientOf(t, { url });
  await phone.login({ username: 'ana', password: 'a long enough password' });
  await online(phone);
  const id = await ana.client.beginDirect(ben.id);
  await until(phone.conversations, rows => rows?.length === 1, 'the conversation');
  const onPhone = open(t, phone, id);
  const onDesk = open(t, ana.client, id);
  onDesk.send('from the desk');
  await reads(onPhone, ['from the desk']);
  const bens = open(t, ben.client, id);
  await bens.stored(bens.send('unread'));
  await until(phone.conversations, rows => rows?.[0]?.unread === 1, 'one unread');
  const seq = onDesk.timeline.get().lastSeq;
  assert.ok(seq > 0);
  onDesk.markRead(seq);
  await until(phone.conversations, rows => rows?.[0]?.unread === 0, 'read on the phone too');
});
