import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { suspendAccount } from '../src/auth/accounts.ts';
import { openPool } from '../src/store/database.ts';
import { ask, knocks, login, refresh, refused } from './ask.ts';
import { openStream } from './event-stream.ts';
import { house, log } from './house.ts';
import { account, direct, type Person, password, personOf } from './people.ts';

/** Another login of the same person. */
const again = async (person: Person): Promise<Person> =>
  personOf(person.url, { ...person.grant, ...(await login(person.url, person.username, password)).json() });

/** Well above what it takes, which is no time; well below what would look like a sign-out that did not work. */
const atOnceMs = 5_000;

async function withDatabase(t: TestContext, changes: Parameters<typeof house>[1] = {}) {
  const home = await house(t, changes);
  const db = openPool(home.databaseUrl, log);
  t.after(() => db.end());
  return { ...home, db };
}

test('a stolen refresh token that is used again ends the connections of its login, and of no other', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const other = await (await again(ana)).connect(t);
  const socket = await ana.connect(t);
  const events = await openStream(ana);
  const thief = (await refresh(url, ana.grant.refreshToken)).json();
  const deeper = (await refresh(url, String(thief.refreshToken))).json();
  const thiefs = await personOf(url, { ...ana.grant, ...deeper }).connect(t);
  refused(await refresh(url, ana.grant.refreshToken), 'auth.refresh_reused');
  for (const line of [socket, thiefs]) assert.equal((await line.closed()).code, 4409);
  assert.match(await events.ended(), /"code":4409/);
  assert.equal((await other.ask({ type: 'ping' })).type, 'pong');
  refused(await refresh(url, String(deeper.refreshToken)), 'auth.refresh_invalid');
});

test('promise 5: logging out ends the connections of that login; changing the password those of all others', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const [phone, tablet] = [await again(ana), await again(ana)];
  const lines = { ana: await ana.connect(t), phone: await phone.connect(t), tablet: await tablet.connect(t) };
  const [phoneEvents, tabletEvents] = [await openStream(phone), await openStream(tablet)];
  const loggedOutAt = performance.now();
  assert.equal((await phone.http('POST', '/auth/logout')).status, 204);
  assert.equal((await lines.phone.closed()).code, 4409);
  assert.match(await phoneEvents.ended(), /"code":4409/);
  const ms = performance.now() - loggedOutAt;
  assert.ok(ms < atOnceMs, `both were open for ${Math.round(ms)} ms`);
  assert.equal((await lines.tablet.ask({ type: 'ping' })).type, 'pong');

  const change = { current: password, next: 'another long password' };
  assert.equal((await ana.http('POST', '/auth/password', change)).status, 204);
  assert.equal((await lines.tablet.closed()).code, 4409);
  assert.match(await tabletEvents.ended(), /"code":4409/);
  assert.equal(await knocks(url, tablet.grant.accessToken), 401);
  refused(await refresh(url, tablet.grant.refreshToken), 'auth.refresh_invalid');
  assert.equal((await lines.ana.ask({ type: 'ping' })).type, 'pong');
  refused(await login(url, 'ana', password), 'auth.wrong');
  assert.equal((await login(url, 'ana', change.next)).status, 200);
});

test('promise 5: an account that is suspended is gone from all its connections and doors, and comes back when it is restored', async t => {
  const { url, db } = await withDatabase(t, { sessionCheckMs: 100 });
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const lines = [await ana.connect(t), await (await again(ana)).connect(t)];
  const bystander = await ben.connect(t);
  const events = await openStream(ana);
  assert.equal(await suspendAccount(db, 'ana', true, { operator: 'test' }), true);
  assert.equal(await suspendAccount(db, 'ana', true, { operator: 'test' }), false, 'it was before');
  for (const line of lines) assert.equal((await line.closed()).code, 4403);
  assert.match(await events.ended(), /"code":4403/);
  refused(await ask(url, '/api/v1/users/me', { token: ana.grant.accessToken }), 'auth.suspended');
  refused(await refresh(url, ana.grant.refreshToken), 'auth.suspended');
  refused(await login(url, 'ana', password), 'auth.suspended');
  assert.equal((await bystander.ask({ type: 'ping' })).type, 'pong');

  assert.equal(await suspendAccount(db, 'ana', false, { operator: 'test' }), true);
  assert.equal((await login(url, 'ana', password)).status, 200);
  const { rows } = await db.query('SELECT what, operator FROM audit_log WHERE operator IS NOT NULL ORDER BY at');
  assert.deepEqual(rows, [
    { what: 'account.suspended', operator: 'test' },
    { what: 'account.restored', operator: 'test' },
  ]);
});

test('promise 5: a login whose end nobody told this node of ends its connections all the same', async t => {
  const { url, db } = await withDatabase(t, { sessionCheckMs: 100 });
  const ana = await account(url, 'ana');
  const there = await (await again(ana)).connect(t);
  const here = await ana.connect(t);
  const { sessionId } = there.heard.find(event => event.type === 'ready') ?? assert.fail();
  await db.query(`UPDATE auth_sessions SET ended_at = now(), ended_because = 'ended' WHERE id = $1`, [sessionId]);
  assert.equal((await there.closed()).code, 4409);
  assert.equal((await here.ask({ type: 'ping' })).type, 'pong');
});

test('a login never takes over what was given to the browser before it (fixation)', async t => {
  const { url } = await house(t);
  const [ana, eve] = [await account(url, 'ana'), await account(url, 'eve')];
  const cookie = `carpenter_refresh=${eve.grant.refreshToken}`;
  const planted = await ask(url, '/api/v1/auth/login', { body: { username: 'ana', password }, headers: { cookie } });
  const set = planted.headers.getSetCookie().join();
  assert.ok(!set.includes(String(eve.grant.refreshToken).slice(0, 39)), 'another session, not the one of the cookie');
  const { sessions } = (await eve.http('GET', '/auth/sessions')).body;
  assert.ok(Array.isArray(sessions) && sessions.length === 1, 'nothing was added to it');
  assert.equal((await eve.http('GET', '/users/me')).body.username, 'eve');
  const both = await ask(url, '/api/v1/users/me', { token: ana.grant.accessToken, headers: { cookie } });
  assert.equal(both.json().username, 'ana', 'the cookie opens nothing beside a token');
  refused(await ask(url, '/api/v1/users/me', { headers: { cookie } }), 'auth.required');
});

test('whoever sends again, byte for byte, what somebody else sent, gains nothing', async t => {
  const { url } = await house(t);
  const [ana, ben, eve] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'eve')];
  const room = await direct(ana, ben);
  const frame = JSON.stringify({
    type: 'message.send',
    ref: 'captured',
    conversationId: room,
    clientId: randomUUID(),
    text: 'once',
  });
  const first = await ana.connect(t);
  const heard = await ben.connect(t);
  first.ws.send(frame);
  const one = await first.next('ack');
  for (const line of [first, await (await again(ana)).connect(t)]) {
    line.ws.send(frame);
    const repeat = await line.next('ack');
    assert.deepEqual([repeat.message.id, repeat.duplicate], [one.message.id, true]);
  }
  const strangers = await eve.connect(t);
  strangers.ws.send(frame);
  assert.equal((await strangers.next('error')).code, 'conversation.unknown');
  await heard.next('message.created');
  await heard.ask({ type: 'ping' });
  assert.equal(heard.heard.filter(event => event.type === 'message.created').length, 1);

  const post = { method: 'POST', body: { clientId: randomUUID(), text: 'once more' }, token: ana.grant.accessToken };
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await ask(url, `/api/v1/conversations/${room}/messages`, post)).status);
  assert.deepEqual(statuses, [201, 200, 200]);

  // A captured refresh: within ten seconds it gives what its owner has, and later it ends the login for both.
  const own = (await refresh(url, ana.grant.refreshToken)).json();
  assert.equal((await refresh(url, ana.grant.refreshToken)).json().refreshToken, own.refreshToken);
});
