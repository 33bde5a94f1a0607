import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import pg from 'pg';
import { forgetSessionsTask } from '../src/jobs/sweep.ts';
import { openPool } from '../src/store/database.ts';
import { ask, knocks, login, refresh, refused } from './ask.ts';
import { house, log } from './house.ts';
import { account, password } from './people.ts';

const text = (answer: { json(): Record<string, unknown> }, field: string): string => String(answer.json()[field]);

test('a refresh token works once; the access token that comes with it opens the door', async t => {
  const { url } = await house(t);
  const { grant } = await account(url, 'ana');
  const second = await refresh(url, grant.refreshToken);
  assert.equal(second.status, 200, second.text);
  assert.notEqual(text(second, 'refreshToken'), grant.refreshToken);
  assert.equal(await knocks(url, text(second, 'accessToken')), 200);
  const third = await refresh(url, text(second, 'refreshToken'));
  assert.equal(third.status, 200);
});

test('two tabs that refresh with the same token at the same moment get the same successor', async t => {
  const { url } = await house(t);
  const { grant } = await account(url, 'ana');
  const tabs = await Promise.all([1, 2, 3].map(() => refresh(url, grant.refreshToken)));
  assert.deepEqual(
    tabs.map(tab => tab.status),
    [200, 200, 200],
  );
  assert.equal(new Set(tabs.map(tab => text(tab, 'refreshToken'))).size, 1);
  for (const tab of tabs) assert.equal(await knocks(url, text(tab, 'accessToken')), 200);
});

test('a stolen refresh token: the second one to use it ends the session for both', async t => {
  const { url } = await house(t);
  const { grant } = await account(url, 'ana');
  const thief = await refresh(url, grant.refreshToken);
  const deeper = await refresh(url, text(thief, 'refreshToken')); // two steps on: no tab does that
  refused(await refresh(url, grant.refreshToken), 'auth.refresh_reused');
  refused(await refresh(url, text(deeper, 'refreshToken')), 'auth.refresh_invalid');
  refused(await ask(url, '/api/v1/users/me', { token: text(deeper, 'accessToken') }), 'auth.expired');
  refused(await ask(url, '/api/v1/users/me', { token: grant.accessToken }), 'auth.expired');
});

test('a token used again after more than ten seconds is theft, not a second tab', async t => {
  const { url, databaseUrl } = await house(t);
  const { grant } = await account(url, 'ana');
  await refresh(url, grant.refreshToken);
  await sql(databaseUrl, "UPDATE auth_sessions SET refreshed_at = refreshed_at - interval '11 seconds'");
  refused(await refresh(url, grant.refreshToken), 'auth.refresh_reused');
  const [row] = await sql(databaseUrl, 'SELECT ended_because FROM auth_sessions');
  assert.equal(row?.ended_because, 'reuse');
});

test('refresh tokens that were made up open nothing and end nothing', async t => {
  const { url } = await house(t);
  const { grant } = await account(url, 'ana');
  const [, session, , mac] = String(grant.refreshToken).split('.');
  const wrong = [
    '',
    'x',
    'v1',
    `v1.${session}.2.${mac}`,
    `v1.${session}.1.${'A'.repeat(43)}`,
    `v1.${randomUUID()}.1.${mac}`,
    `v2.${session}.1.${mac}`,
    `v1.${session}.-1.${mac}`,
    `v1.${session}.1`,
    `${grant.refreshToken}x`,
    grant.accessToken,
    `v1.${session}.999999999.${mac}`,
    '\u0000',
    'v1.'.repeat(100),
  ];
  for (const token of wrong) refused(await refresh(url, token), 'auth.refresh_invalid');
  refused(await refresh(url, 'x'.repeat(501)), 'input.invalid');
  assert.equal((await refresh(url, grant.refreshToken)).status, 200);
});

test('after logging out, neither token opens anything', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  assert.equal(await knocks(url, ana.grant.accessToken), 200);
  assert.equal((await ana.http('POST', '/auth/logout')).status, 204);
  refused(await ask(url, '/api/v1/users/me', { token: ana.grant.accessToken }), 'auth.expired');
  refused(await refresh(url, ana.grant.refreshToken), 'auth.refresh_invalid');
});

test('I see where I am logged in, and can end another device at once; nobody else can', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const ben = await account(url, 'ben');
  const phone = await login(url, 'ana', password, {
    'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605 Version/26.0 Safari/604.1',
  });
  const { body } = await ana.http('GET', '/auth/sessions');
  assert.ok(Array.isArray(body.sessions));
  assert.deepEqual(
    body.sessions.map(({ device, current }) => [device, current]),
    [
      ['Safari on iOS', false],
      ['node', true],
    ],
  );
  const id = String(body.sessions[0].id);
  const token = text(phone, 'accessToken');
  assert.equal(await knocks(url, token), 200);
  assert.equal((await ben.http('DELETE', `/auth/sessions/${id}`)).body.code, 'session.unknown');
  assert.equal(await knocks(url, token), 200);
  assert.equal((await ana.http('DELETE', `/auth/sessions/${id}`)).status, 204);
  assert.equal(await knocks(url, token), 401);
  assert.equal((await ana.http('DELETE', `/auth/sessions/${id}`)).body.code, 'session.unknown');
  assert.equal(await knocks(url, ana.grant.accessToken), 200);
});

test('a suspended account cannot log in, refresh, or go on', async t => {
  const { url, databaseUrl } = await house(t);
  const { grant } = await account(url, 'ana');
  await sql(databaseUrl, 'UPDATE users SET suspended_at = now()');
  refused(await login(url, 'ana', password), 'auth.suspended');
  refused(await login(url, 'ana', 'not the password'), 'auth.wrong');
  refused(await refresh(url, grant.refreshToken), 'auth.suspended');
  refused(await ask(url, '/api/v1/users/me', { token: grant.accessToken }), 'auth.suspended');
});

test('a device that was away for two months has to log in again', async t => {
  const { url, databaseUrl } = await house(t);
  const { grant } = await account(url, 'ana');
  await sql(databaseUrl, "UPDATE auth_sessions SET refreshed_at = now() - interval '61 days'");
  refused(await refresh(url, grant.refreshToken), 'auth.refresh_invalid');
});

test('logins that nobody used for two months are let go, what still opens doors stays', async t => {
  const { url, databaseUrl } = await house(t);
  const { grant } = await account(url, 'ana');
  await sql(
    databaseUrl,
    `INSERT INTO auth_sessions (id, user_id, device, refreshed_at, ended_at)
     SELECT gen_random_uuid(), user_id, 'd', now() - days * interval '1 day', CASE WHEN days % 2 = 0 THEN now() END
       FROM auth_sessions, unnest('{58,59,61,62}'::int[]) days`,
  );
  const db = openPool(databaseUrl, log);
  await forgetSessionsTask(db, log)
    .take({})
    .finally(() => db.end());
  const [left] = await sql(databaseUrl, 'SELECT count(*)::int AS n FROM auth_sessions');
  assert.equal(left?.n, 3);
  assert.equal((await refresh(url, grant.refreshToken)).status, 200);
});

test('browsers keep the refresh token in a cookie that no script and no other site can use', async t => {
  const { url } = await house(t, {
    publicUrl: 'https://chat.example.org',
    allowedOrigins: ['https://chat.example.org'],
  });
  const json = { 'content-type': 'application/json' };
  const registered = await ask(url, '/api/v1/auth/register', { body: { username: 'ana', password } });
  assert.equal(registered.json().refreshToken, undefined);
  const set = registered.headers.get('set-cookie') ?? '';
  for (const part of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/api/v1/auth']) assert.ok(set.includes(part), set);
  const cookie = set.split(';', 1)[0] ?? '';
  const by = (headers: Record<string, string>, body: unknown = {}) =>
    ask(url, '/api/v1/auth/refresh', { body, headers: { cookie, ...headers } });

  for (const origin of [
    'https://evil.example',
    'null',
    'https://chat.example.org.evil.example',
    'https://chat.example.org:444',
    'http://127.0.0.1:1',
  ]) {
    refused(await by({ origin, ...json }), 'auth.foreign_origin');
  }
  refused(await by({ ...json }), 'auth.foreign_origin'); // a browser always says where a POST comes from
  refused(await by({ origin: url, 'content-type': 'text/plain' }, '{}'), 'body.not_json');
  refused(
    await ask(url, '/api/v1/auth/refresh', { method: 'POST', headers: { cookie, origin: url } }),
    'body.not_json',
  );

  const mine = await by({ origin: 'https://chat.example.org', ...json });
  assert.equal(mine.status, 200, mine.text);
  const next = (mine.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
  assert.notEqual(next, cookie);
  const sameHost = await ask(url, '/api/v1/auth/refresh', {
    body: {},
    headers: { cookie: next, origin: url.replace('http:', 'https:') },
  });
  assert.equal(sameHost.status, 200, sameHost.text);
  const out = await ask(url, '/api/v1/auth/logout', { method: 'POST', token: text(sameHost, 'accessToken') });
  assert.match(out.headers.get('set-cookie') ?? '', /carpenter_refresh=;/);
  const gone = await by({ origin: url, ...json });
  refused(gone, 'auth.refresh_invalid');
  assert.match(gone.headers.get('set-cookie') ?? '', /carpenter_refresh=;/);
  refused(await ask(url, '/api/v1/auth/refresh', { body: {}, headers: { origin: url } }), 'auth.refresh_invalid');
});

test('without https the cookie is not marked Secure, or browsers would throw it away', async t => {
  const { url } = await house(t);
  const registered = await ask(url, '/api/v1/auth/register', { body: { username: 'ana', password } });
  assert.doesNotMatch(registered.headers.get('set-cookie') ?? '', /Secure/);
});

async function sql(databaseUrl: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(statement);
  await client.end();
  return rows;
}
