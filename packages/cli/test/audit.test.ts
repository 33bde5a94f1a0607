import assert from 'node:assert/strict';
import { userInfo } from 'node:os';
import { test } from 'node:test';
import { house } from '../../server/test/house.ts';
import { account } from '../../server/test/people.ts';
import { readSince } from '../src/audit.ts';
import { carpenter } from './carpenter.ts';

test('an operator reads who did what, by person, kind, place and time; what operators do stands in it, too', async t => {
  const { url, databaseUrl } = await house(t);
  const env = { DATABASE_URL: databaseUrl };
  const ana = await account(url, 'ana');
  assert.equal((await carpenter(['user', 'create', 'ben'], env, 'a password long enough\n')).code, 0);
  const ask = async (...args: string[]): Promise<Record<string, unknown>[]> => {
    const { code, out, err } = await carpenter(['audit', ...args], env);
    assert.equal(code, 0, err);
    return out.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line)]));
  };
  const all = await ask('--since', '1h');
  assert.deepEqual(
    all.map(line => line.what),
    ['account.created', 'session.begun', 'account.created'],
  );
  assert.equal(all[2]?.operator, userInfo().username);
  assert.deepEqual(all[1]?.by, { userId: ana.id, username: 'ana' });
  assert.deepEqual(await ask('--user', 'Ana', '--what', 'session', '--limit', '1'), [all[1]]);
  for (const since of ['soon', '']) {
    const { code, err } = await carpenter(['audit', '--since', since], env);
    assert.deepEqual(
      [code, err.trimEnd().endsWith(`--since is like 7d, 12h or 2026-11-30, not "${since}".`)],
      [2, true],
      err,
    );
  }
});

test('--since counts back from now, or names a day', () => {
  const now = Date.parse('2026-11-30T12:00:00Z');
  assert.equal(readSince('7d', now).toISOString(), '2026-11-23T12:00:00.000Z');
  assert.equal(readSince('90m', now).toISOString(), '2026-11-30T10:30:00.000Z');
  assert.equal(readSince('2026-11-29').toISOString(), '2026-11-29T00:00:00.000Z');
});
