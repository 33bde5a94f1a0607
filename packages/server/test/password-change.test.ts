import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Db, openPool, transaction } from '../src/store/database.ts';
import { ask, knocks, login, refused } from './ask.ts';
import { house, log } from './house.ts';
import { account, password } from './people.ts';

const change = (url: string, token: unknown, next: string) =>
  ask(url, '/api/v1/auth/password', { token: String(token), body: { current: password, next } });

test('of two who change one password at once, the second one no longer knows it, and is out', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const thief = (await login(url, 'ana', password)).json();
  const nexts = ['the new one of the owner', 'the new one of the thief'] as const;
  const answers = await Promise.all([
    change(url, ana.grant.accessToken, nexts[0]),
    change(url, thief.accessToken, nexts[1]),
  ]);
  const first = answers.findIndex(({ status }) => status === 204);
  assert.equal(answers.filter(({ status }) => status === 204).length, 1);
  assert.equal((await login(url, 'ana', nexts[first] ?? assert.fail())).status, 200);
  const tokens = [ana.grant.accessToken, String(thief.accessToken)];
  assert.equal(await knocks(url, tokens[first] ?? assert.fail()), 200);
  assert.equal(await knocks(url, tokens[1 - first] ?? assert.fail()), 401);
});

test('a login by the former password that was judged just before the change is none', async t => {
  const { url, databaseUrl } = await house(t);
  await account(url, 'ana');
  const db = openPool(databaseUrl, log);
  t.after(() => db.end());
  const late = await transaction(db, async tx => {
    await tx.query("UPDATE credentials SET password_hash = password_hash || '='"); // any other
    const answer = login(url, 'ana', password);
    await Promise.race([answer, someoneWaits(db)]);
    return () => answer;
  });
  refused(await late(), 'auth.wrong');
  const { rows } = await db.query('SELECT 1 FROM auth_sessions');
  assert.equal(rows.length, 1);
});

/** Until a transaction of this database stands behind a lock of another one. */
async function someoneWaits(db: Db): Promise<void> {
  for (;;) {
    const { rows } = await db.query(
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    if (rows.length > 0) return;
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
