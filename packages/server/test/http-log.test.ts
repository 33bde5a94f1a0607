import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import pg from 'pg';
import { pino } from 'pino';
import { logOptions } from '../src/log.ts';
import { serve } from '../src/serve.ts';
import { ask, login, refresh } from './ask.ts';
import { migrated, testConfig } from './house.ts';
import { account, direct, password } from './people.ts';

/** A server, and all that it logs. */
async function logging(t: TestContext) {
  const lines: string[] = [];
  const log = pino(logOptions('debug'), { write: line => void lines.push(line) });
  let drain = async () => {};
  const databaseUrl = await migrated(t, () => drain());
  const running = await serve(testConfig(databaseUrl), log);
  drain = running.drain;
  return { url: running.url, databaseUrl, lines };
}

test('the log names route, status and time of every request, and never a token, a password, a query or a text', async t => {
  const { url, databaseUrl, lines } = await logging(t);

  const ana = await account(url, 'ana');
  const ben = await account(url, 'ben');
  const room = await direct(ana, ben);
  await ana.http('POST', `/conversations/${room}/messages`, { clientId: crypto.randomUUID(), text: 'between-us' });
  await ana.http('GET', '/users?q=search-words');
  await ask(url, `/api/v1/users?token=${ana.grant.accessToken}`);
  await ask(url, '/api/v1/users/me', { token: `${ana.grant.accessToken}x`, headers: { 'x-other': 'header-value' } });
  await login(url, 'ana', 'wrong-password-guess');
  await refresh(url, ana.grant.refreshToken);
  await ask(url, `/${'secret-in-a-path'}`);
  const besides = new pg.Client({ connectionString: databaseUrl });
  await besides.connect();
  await besides.query(`ALTER TABLE messages ADD CONSTRAINT broken CHECK (text !~ 'refused')`);
  await besides.query('ALTER TABLE users ADD CONSTRAINT broken CHECK (about IS NULL)');
  await besides.end();
  const draft = { clientId: crypto.randomUUID(), text: 'refused-by-the-database' };
  const fault = await ana.http('POST', `/conversations/${room}/messages`, draft);
  assert.deepEqual([fault.status, fault.body.code], [500, 'server.fault']);
  assert.equal((await ana.http('PATCH', '/users/me', { about: 'about-me' })).status, 500);

  const { faultId } = Object(fault.body.details);
  assert.ok(
    lines.some(line => JSON.parse(line).faultId === faultId),
    'the number that was told stands in the log',
  );

  const all = lines.join('');
  for (const secret of [
    password,
    'between-us',
    'search-words',
    'header-value',
    'wrong-password-guess',
    'secret-in-a-path',
    'refused-by-the-database',
    'about-me',
    'token=',
    String(ana.grant.refreshToken),
    ana.grant.accessToken,
    ana.grant.accessToken.split('.')[2] ?? '',
  ]) {
    assert.ok(!all.includes(secret), `the log holds "${secret}"`);
  }
  const sent = lines.map(line => JSON.parse(line)).find(line => line.route === '/api/v1/conversations/:id/messages');
  assert.deepEqual([sent.method, sent.status], ['POST', 201]);
  assert.ok(sent.ms >= 0 && sent.requestId.length === 16);
  assert.equal(sent.userId, ana.id);
});

test('every answer carries the id under which it is in the log; one that a proxy gave is kept where it looks like one', async t => {
  const { url, lines } = await logging(t);
  const idOf = async (path: string, given?: string) => {
    const headers = given === undefined ? {} : { 'x-request-id': given };
    return (await ask(url, path, { headers })).headers.get('x-request-id') ?? '';
  };
  for (const path of ['/api/v1/users/me', '/healthz', '/nothing', '/%ff']) {
    assert.match(await idOf(path), /^[0-9a-f]{16}$/, path);
    const given = crypto.randomUUID();
    assert.equal(await idOf(path, given), given, path);
    if (path !== '/%ff')
      assert.ok(
        lines.some(line => JSON.parse(line).requestId === given),
        path,
      );
  }
  for (const odd of ['short', 'x'.repeat(65), 'a b c d e f', 'ey.jhb.gci', '"}{"level"']) {
    assert.match(await idOf('/healthz', odd), /^[0-9a-f]{16}$/, odd);
  }
});

test('all that is logged of a connection carries its id, and no other connection has it', async t => {
  const { url, lines } = await logging(t);
  const ana = await account(url, 'ana');
  const [first, second] = [await ana.connect(t), await ana.connect(t)];
  for (const line of [first, second]) {
    line.close();
    await line.closed();
  }
  const said = (msg: string): { connection: string; userId: string }[] =>
    lines.map(line => JSON.parse(line)).filter(line => line.msg === msg);
  while (said('disconnected').length < 2) await new Promise(setImmediate); // its own side of the close comes a moment later
  const [came, went] = [said('connected'), said('disconnected')];
  assert.equal(new Set(came.map(({ connection }) => connection)).size, 2);
  assert.deepEqual(
    went.map(({ connection }) => connection),
    came.map(({ connection }) => connection),
  );
  for (const line of [...came, ...went]) {
    assert.match(line.connection, /^[0-9a-f-]{36}$/);
    assert.equal(line.userId, ana.id);
  }
});

test('on a terminal the log is lines that a person can read, elsewhere JSON; both keep out what opens a door', () => {
  const source = JSON.stringify(new URL('../src/log.ts', import.meta.url).href);
  const secret = 'opens-the-door';
  const logged = (onTerminal: boolean) => {
    const script = `import { createLog } from ${source};
      const log = createLog('info', ${onTerminal}).child({ connection: 'c1' });
      log.debug('not asked for');
      log.info({ userId: 'u1', token: '${secret}', body: { password: '${secret}', draft: { text: '${secret}' } } }, 'connected');
      try { JSON.parse('${secret}'); } catch (err) { log.error({ err }, 'a fault of ours'); }`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    assert.equal(stderr, '');
    assert.ok(!stdout.includes(secret), stdout);
    assert.ok(!stdout.includes('not asked for'), stdout);
    return stdout;
  };
  const pretty = stripVTControlCharacters(logged(true));
  assert.match(pretty, /^\[\d\d:\d\d:\d\d\] INFO: connected/);
  assert.match(pretty, /connection.*c1/);
  assert.match(pretty, /userId.*u1/);
  assert.match(pretty, /kept out of the log/);
  assert.match(pretty, /ERROR.*a fault of ours/);
  assert.throws(() => JSON.parse(pretty.split('\n')[0] ?? ''));
  const [info, error] = logged(false)
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  assert.deepEqual(
    [info.level, info.connection, info.userId, info.msg, error.level],
    ['info', 'c1', 'u1', 'connected', 'error'],
  );
});
