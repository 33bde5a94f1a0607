import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createLog, openPool } from '@carpenter/server/operator';
import { database, house } from '../../server/test/house.ts';
import { carpenter } from './carpenter.ts';

async function accounts(url: string) {
  const db = openPool(url, createLog('error'));
  const { rows } = await db.query<{ username: string; role: string }>(
    'SELECT username, role FROM users ORDER BY username',
  );
  await db.end();
  return rows;
}

async function login(url: string, username: string, password: string): Promise<number> {
  const body = JSON.stringify({ username, password, refresh: 'body' });
  const headers = { 'content-type': 'application/json' };
  return (await fetch(`${url}/api/v1/auth/login`, { method: 'POST', headers, body })).status;
}

const long = 'a password long enough';

test('the first account made on the machine is the owner and can log in', async t => {
  const { url, databaseUrl } = await house(t);
  const env = { DATABASE_URL: databaseUrl };
  const ana = await carpenter(['user', 'create', 'Ana', '--name', 'Ana B.'], env, `${long}\n`);
  assert.deepEqual(ana, { code: 0, out: 'Created ana, the owner of this server.\n', err: '' });
  assert.equal(await login(url, 'ana', long), 200);

  const ben = await carpenter(['user', 'create', 'ben', '--generate'], env);
  const [, password = ''] = /^Created ben\.\nPassword: (\S{20})\n$/.exec(ben.out) ?? assert.fail(ben.out);
  assert.equal(await login(url, 'ben', password), 200);
});

test('what the rules of an account forbid is told in words, and nothing is made', async t => {
  const url = await database(t);
  const env = { DATABASE_URL: url };
  const wrong = await carpenter(['user', 'create', 'no spaces'], env, 'short');
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /^A username has 3 to 32 .* A password has at least 10 characters\.\n$/);
  await carpenter(['user', 'create', 'ana'], env, long);
  const again = await carpenter(['user', 'create', 'ANA'], env, long);
  assert.deepEqual([again.code, again.err], [1, 'This username is taken.\n']);
  assert.deepEqual(await accounts(url), [{ username: 'ana', role: 'owner' }]);
});

test('an import makes the good lines and names the others by their numbers', async t => {
  const { url, databaseUrl } = await house(t);
  const lines = [`ana,${long}`, '', `ben\t${long}, with a comma`, 'cleo', 'dora,short', `ANA,${long}`, `eva,${long}`];
  const { code, out, err } = await carpenter(
    ['user', 'import', '-'],
    { DATABASE_URL: databaseUrl },
    lines.join('\r\n'),
  );
  assert.deepEqual([code, out], [1, 'Created 3 accounts; 3 lines failed.\n']);
  assert.deepEqual([...err.matchAll(/^line (\d+): /gm)].map(([, number]) => number).sort(), ['4', '5', '6']);
  assert.equal(await login(url, 'ben', `${long}, with a comma`), 200);
});

test('a thousand accounts may share the hash of their password, and can log in', async t => {
  const { url, databaseUrl } = await house(t);
  const lines = Array.from({ length: 1_000 }, (_, i) => `load${i},${long}`).join('\n');
  const { code, out } = await carpenter(
    ['user', 'import', '-', '--same-password'],
    { DATABASE_URL: databaseUrl },
    lines,
  );
  assert.deepEqual([code, out], [0, 'Created 1000 accounts.\n']);
  assert.equal((await accounts(databaseUrl)).filter(({ role }) => role === 'owner').length, 1);
  assert.equal(await login(url, 'load999', long), 200);
});

test('without DATABASE_URL the embedded database is started for the command', async (t: TestContext) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'carpenter-cli-'));
  chmodSync(dataDir, 0o711);
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const env = { DATA_DIR: dataDir };
  assert.match((await carpenter(['migrate'], env)).out, /^Ran 0001-/);
  assert.equal((await carpenter(['migrate'], env)).out, 'The database is up to date.\n');
});

test('a command that is not understood ends with 2 and shows the way', async () => {
  const wrong = [
    [],
    ['user', 'create'],
    ['migrate', 'now', 'please'],
    ['user', 'create', 'ana', '--nam'],
    ['user', 'suspend', 'ana', '--json'],
    ['migrate', '--limit', '3'],
  ];
  for (const { code, err } of await Promise.all(wrong.map(args => carpenter(args, {})))) {
    assert.equal(code, 2);
    assert.match(err, /Usage: npm run carpenter/);
  }
});

test('every command shows the way when it is asked for', async () => {
  const asked = [['-h'], ['verify', '-h'], ['verify', '--help'], ['audit', '-h']];
  for (const { code, out } of await Promise.all(asked.map(args => carpenter(args, {})))) {
    assert.equal(code, 0);
    assert.match(out, /^Usage: npm run carpenter/);
  }
});
