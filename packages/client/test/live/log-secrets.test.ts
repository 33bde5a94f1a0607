import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { openPool } from '../../../server/src/store/database.ts';
import { ask, login } from '../../../server/test/ask.ts';
import { onCluster } from '../../../server/test/cluster.ts';
import { uploaded } from '../../../server/test/files.ts';
import { log, migrated } from '../../../server/test/house.ts';
import { account, direct, openLine, type Person } from '../../../server/test/people.ts';
import { browserKeys } from '../../../server/test/push-service.ts';
import { sent } from '../../../server/test/sent.ts';
import { newcomer, open } from '../world.ts';

/** Everything that nobody may find in a log, by what it is. */
const planted = new Map<string, string>();
function plant(
  what: string,
  secret = `${what} zq${planted.size}kiwi "é" ${Math.random().toString(36).slice(2, 10)}`,
): string {
  planted.set(what, secret);
  return secret;
}
/** The same where only letters and digits go. */
const plantWord = (what: string): string =>
  plant(what, `zq${planted.size}${what.replace(/\W/g, '').toLowerCase()}${Math.random().toString(36).slice(2, 10)}`);

/** Ways in which a secret may have been written. Base64 is looked for at each of its three offsets, without the characters beside it. */
function* formsOf(secret: string): Generator<string> {
  const bytes = Buffer.from(secret);
  yield secret;
  yield encodeURIComponent(secret);
  yield encodeURIComponent(secret).replaceAll('%20', '+');
  yield JSON.stringify(secret).slice(1, -1);
  yield JSON.stringify(JSON.stringify(secret)).slice(3, -3);
  yield bytes.toString('hex');
  yield bytes.toString('latin1');
  for (const encoding of ['base64', 'base64url'] as const) {
    for (const before of [0, 1, 2]) {
      const text = Buffer.concat([Buffer.alloc(before), bytes])
        .toString(encoding)
        .replace(/=+$/, '');
      yield text.slice(before === 0 ? 0 : 4, -4);
    }
  }
}

/** A server as a process of its own, as chatty as it can be. @returns where it is, and all that it said when it is gone */
async function startServer(t: TestContext, env: Record<string, string>) {
  const program = `import { start } from ${JSON.stringify(import.meta.resolve('../../../server/src/start.ts'))};
    await start(process.env, async () => undefined);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      PORT: '0',
      LOG_LEVEL: 'debug',
      DRAIN_SECONDS: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', part => (said += part));
  const ended = once(child, 'close');
  while (!/Address +\S+/.test(said))
    await Promise.race([once(child.stdout, 'data'), ended.then(() => assert.fail(said))]);
  return {
    url: /Address +(\S+)/.exec(said)?.[1] ?? assert.fail(said),
    said: () => said,
    async end() {
      child.kill('SIGTERM');
      await ended;
      return said;
    },
  };
}

/** Everything that writes what somebody said. @returns how many answers were of which status */
async function writeEverything(ana: Person, ben: Person, room: string, seq: number): Promise<number[]> {
  const at = `/conversations/${room}/messages/${seq}`;
  const me = await ana.http('PATCH', '/users/me', {
    displayName: plant('name'),
    about: plant('about'),
    preferences: { x: plant('pref') },
  });
  const all = [
    ana.http('POST', `/conversations/${room}/messages`, { clientId: crypto.randomUUID(), text: plant('text') }),
    ana.http('PATCH', at, { text: plant('edit') }),
    ana.http('GET', `/search?q=${encodeURIComponent(plant('search'))}`),
    ana.http('GET', `/users?q=${encodeURIComponent(plant('people search'))}`),
    ana.http('PUT', `/conversations/${room}/draft`, { text: plant('draft'), writtenAt: new Date().toISOString() }),
    ana.http('PUT', `${at}/bookmark`, { note: plant('note') }),
    ana.http('POST', `/conversations/${room}/scheduled`, {
      text: plant('later'),
      sendAt: new Date(Date.now() + 900_000).toISOString(),
    }),
    ana.http('PUT', '/users/me/status', { emoji: '🌴', text: plant('status') }),
    ben.http('POST', `${at}/report`, { reason: 'spam', text: plant('report') }),
    ana.http('PUT', '/push/devices', {
      endpoint: `https://127.0.0.1:9/${plantWord('endpoint')}`,
      keys: browserKeys().keys,
    }),
    ana.http('PUT', '/users/me/mail', { address: `${plantWord('mail')}@example.org`, everyHours: 1 }),
    ana.http('POST', '/users/me/mail/confirm', { code: plantWord('code') }),
    ana.http('POST', '/conversations', { type: 'group', name: plant('room'), memberIds: [] }),
    ana.http('POST', `/media?name=${encodeURIComponent(plant('file'))}`, { some: plant('bytes') }),
    ana.http('POST', '/commands', { type: 'message.edit', conversationId: room, seq, text: plant('by command') }),
    ana.http('POST', '/auth/password', { current: plant('wrong current'), next: plant('wrong next') }),
    ben.http('POST', `/invites/${plantWord('no invite').padEnd(22, 'x').slice(0, 22)}/accept`),
  ];
  return [me.status, ...(await Promise.all(all)).map(({ status }) => status)];
}

test('promise 5: whatever happens, nothing that was logged holds a token, a password, a query or what somebody wrote', async t => {
  const databaseUrl = await migrated(t);
  const jwtSecret = plant('jwt secret', `zqjwt${crypto.randomUUID()}${crypto.randomUUID()}`);
  const server = await startServer(t, {
    DATABASE_URL: databaseUrl.replace('@', `:${plantWord('database password')}@`),
    JWT_SECRET: jwtSecret,
    SMTP_URL: `smtp://zq:${plantWord('smtp password')}@127.0.0.1:9`,
    MAIL_FROM: 'chat@example.org',
    REACHABLE_ADDRESSES: '127.0.0.1:9',
    RATE_LOGINS_PER_ACCOUNT: '1000',
    RATE_LOGINS_PER_ADDRESS: '1000',
  });
  const { url } = server;

  // Through the doors as they are meant, and as they are not.
  const password = plant('password');
  plant('default password', 'a long enough password');
  const register = { username: 'ana', password, refresh: 'body' };
  const grant = (await ask(url, '/api/v1/auth/register', { body: register })).json();
  const ana = await account(url, 'ana2');
  const ben = await account(url, 'ben');
  plant('access token', ana.grant.accessToken);
  plant('signature', ana.grant.accessToken.split('.')[2]);
  plant('refresh token', String(grant.refreshToken));
  plant('mac', String(grant.refreshToken).split('.')[3]);
  const cookies = await ask(url, '/api/v1/auth/login', { body: { username: 'ana', password, refresh: 'cookie' } });
  for (const cookie of cookies.headers.getSetCookie())
    plant(`cookie ${cookie.slice(0, 12)}`, /=([^;]+)/.exec(cookie)?.[1]);
  await login(url, 'ana', plant('wrong password'));
  await login(url, plant('a password typed as name'), 'x');
  const refresh = (refreshToken: unknown) => ask(url, '/api/v1/auth/refresh', { body: { refreshToken } });
  const next = (await refresh(grant.refreshToken)).json();
  plant('second refresh token', String(next.refreshToken));
  await refresh(next.refreshToken);
  await refresh(grant.refreshToken); // theft
  await refresh(plant('no refresh token'));

  const room = await direct(ana, ben);
  const { seq } = await sent(ana, room, plant('message'));
  await sent(
    ben,
    room,
    `look: http://127.0.0.1:9/${plantWord('linked page')} and https://user:${plantWord('in a link')}@example.org/`,
  );
  await sent(ben, room, `@ana2 ${plant('mention')}`);
  await uploaded(ana, Buffer.from(plant('file content')), plant('file name'), 'application/octet-stream');
  const invite = await ana.http('POST', '/conversations', { type: 'group', name: 'a group', memberIds: [] });
  const { id } = Object(invite.body.conversation);
  plant('invite code', String((await ana.http('POST', '/invites', { conversationIds: [id] })).body.code));
  await writeEverything(ana, ben, room, seq);
  await ana.http('POST', `/push/devices/${(await ana.http('GET', '/push/devices')).body}/test`);

  const token = ana.grant.accessToken;
  await ask(url, `/api/v1/users?token=${token}&q=${plantWord('query')}`);
  await ask(url, `/${plantWord('path')}?x=${plantWord('page query')}`);
  await ask(url, `/%zz${plantWord('bad path')}`);
  await ask(url, '/api/v1/users/me', { token: plantWord('no token') });
  const headers = {
    'user-agent': plantWord('agent'),
    cookie: `carpenter_refresh=${plantWord('cookie')}`,
    'x-request-id': `${plantWord('id')} x`,
  };
  await ask(url, '/api/v1/auth/refresh', {
    body: {},
    headers: { ...headers, origin: `https://${plantWord('origin')}.example` },
  });
  await ask(url, `/api/v1/conversations/${room}/messages`, { token, body: `{"text": "${plantWord('broken json')}` });
  await ask(url, `/api/v1/conversations/${room}/messages`, {
    token,
    body: { text: 7, [plantWord('key')]: plantWord('value') },
  });
  const raw = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
  raw
    .end(`GET /${plantWord('raw')} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${plantWord('length')}\r\n\r\n`)
    .resume();
  await once(raw, 'close');

  // By WebSocket: good, malformed, ended with words.
  const line = await ana.connect(t);
  for (const text of [
    `{"type":"message.send","text":"${plantWord('frame')}`,
    plantWord('no json'),
    JSON.stringify({ type: plantWord('type'), text: plant('frame text') }),
    JSON.stringify({
      type: 'message.send',
      conversationId: room,
      clientId: plantWord('client id'),
      text: plant('frame 2'),
    }),
    JSON.stringify({ type: 'auth', token: plantWord('frame token') }),
  ])
    line.ws.send(text);
  await line.ask({
    type: 'message.send',
    conversationId: room,
    clientId: crypto.randomUUID(),
    text: plant('by socket'),
  });
  line.ws.close(4000, plantWord('goodbye'));
  await line.closed();
  for (const query of [`?token=${plantWord('socket query')}`, `?username=${plantWord('socket name')}`]) {
    await openLine(url, query, { headers: { authorization: `Bearer ${token}` } }).closed();
  }
  await openLine(url, '', {}, ['carpenter.v1', `bearer.${plantWord('subprotocol')}`]).closed();

  // Through the library.
  const { client } = await newcomer(t, url, 'cleo');
  const withBen = await client.beginDirect(ben.id);
  const handle = open(t, client, withBen);
  await handle.stored(handle.send(plant('by the library')));

  // The database refuses each row, and names it; then it is away.
  const besides = openPool(databaseUrl, log);
  const { rows } = await besides.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  for (const { name } of rows) await besides.query(`ALTER TABLE ${name} ADD CONSTRAINT broken CHECK (false) NOT VALID`);
  const broken = await writeEverything(ana, ben, room, seq);
  assert.ok(broken.filter(status => status === 500).length > 8, `of faults that name rows there were: ${broken}`);
  await login(url, 'ben', plant('password 2'));
  const name = databaseUrl.replace(/^.*\/([^/?]+)\?.*$/, '$1');
  const elsewhere = databaseUrl.replace(name, 'template1');
  await onCluster(elsewhere, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await besides.end();
  await onCluster(elsewhere, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
  const away = await writeEverything(ana, ben, room, seq);
  assert.ok(away.filter(status => status >= 500).length > 8, `while it was away: ${away}`);
  await login(url, 'ben', plant('password 3'));
  await onCluster(elsewhere, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);

  client.close();
  const logged = await server.end();
  const after = openPool(databaseUrl, log);
  const audit = JSON.stringify((await after.query('SELECT * FROM audit_log')).rows);
  await after.end();
  assert.ok(logged.split('\n').length > 60 && audit.length > 1_000, 'there was something to look through');
  const found: string[] = [];
  for (const [where, text] of [
    ['log', logged],
    ['audit log', audit],
  ] as const) {
    for (const [what, secret] of planted) {
      const at = [...formsOf(secret)].map(form => text.indexOf(form)).find(at => at >= 0);
      if (at !== undefined)
        found.push(`${what} is in the ${where}: … ${text.slice(Math.max(0, at - 200), at + 100)} …`);
    }
  }
  assert.deepEqual(found, []);
});
