import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { refuse } from '@carpenter/protocol';
import pg from 'pg';
import { createSharedLimits } from '../src/auth/shared-limits.ts';
import { createTries } from '../src/auth/tries.ts';
import { type Config, defaults } from '../src/config.ts';
import { type Running, serve } from '../src/serve.ts';
import { openPool } from '../src/store/database.ts';
import { sweepRateLimits } from '../src/store/rate-limits.ts';
import { ask, knocks, login, refused } from './ask.ts';
import { onCluster } from './cluster.ts';
import { house, log, migrated, testConfig } from './house.ts';
import { account, group, type Person, password } from './people.ts';
import { sent } from './sent.ts';

const from = (address: string) => ({ 'x-forwarded-for': address });

/** Two nodes on one database. */
async function twoNodes(t: TestContext, rates: Partial<Config['rates']>) {
  const nodes: Running[] = [];
  const databaseUrl = await migrated(t, async () => void (await Promise.all(nodes.map(node => node.drain()))));
  const config = () => testConfig(databaseUrl, { trustProxy: 1, rates: { ...many, ...rates } });
  for (let i = 0; i < 2; i++) nodes.push(await serve(config(), log));
  const [one, other] = nodes;
  assert.ok(one && other);
  return { databaseUrl, one: one.url, other: other.url };
}
const many = {
  ...defaults.rates,
  loginTriesPerMinutePerAddress: 1_000,
  loginTriesPerMinutePerAccount: 1_000,
  requestsPerMinute: 10_000,
};

test('guessing is counted by all nodes together, and what was typed is not written down', async t => {
  const { one, other, databaseUrl } = await twoNodes(t, { loginTriesPerMinutePerAccount: 4 });
  await account(one, 'ana');
  const attack = from('203.0.113.7');
  for (let i = 0; i < 4; i++) refused(await login(i % 2 ? one : other, 'ana', 'a wrong guess', attack), 'auth.wrong');
  for (const node of [one, other]) {
    const { retryAfterMs } = refused(await login(node, 'ana', password, attack), 'auth.too_many');
    assert.ok(retryAfterMs !== undefined && retryAfterMs > 0 && retryAfterMs <= 60_000, String(retryAfterMs));
  }
  assert.equal((await login(other, 'ana', password, from('198.51.100.1'))).status, 200);

  const db = new pg.Pool({ connectionString: databaseUrl });
  db.on('error', () => {}); // the database is dropped under it
  t.after(() => db.end());
  const { rows } = await db.query('SELECT * FROM rate_limits');
  assert.ok(rows.length > 0);
  assert.doesNotMatch(JSON.stringify(rows), /ana|203\.0/);
  await db.query('UPDATE rate_limits SET expire = 1');
  await sweepRateLimits(db);
  assert.equal((await db.query('SELECT FROM rate_limits')).rowCount, 0);
});

test('nobody is locked out by others: whoever guesses from everywhere leaves the way of the owner open, at any node', async t => {
  const { one, other } = await twoNodes(t, { loginTriesPerMinutePerAccount: 1 });
  const home = from('198.51.100.1');
  const made = await ask(one, '/api/v1/auth/register', {
    body: { username: 'ana', password, refresh: 'body' },
    headers: home,
  });
  assert.equal(made.status, 201);
  for (let i = 0; i < 10; i++) {
    refused(await login(i % 2 ? one : other, 'ana', 'a wrong guess', from(`203.0.113.${i}`)), 'auth.wrong');
  }
  for (const node of [one, other]) refused(await login(node, 'ana', password, from('203.0.113.99')), 'auth.too_many');
  assert.equal((await login(other, 'ana', password, home)).status, 200, 'where she logged in at the other node');
  assert.equal(await knocks(other, String(made.json().accessToken)), 200, 'and she is still in');
});

test('while the counts of all cannot be reached each node counts for itself', async t => {
  const rates = { ...many, loginTriesPerMinutePerAccount: 2 };
  const { url, databaseUrl } = await house(t, { rates });
  await account(url, 'ana');
  await onCluster(databaseUrl, 'ALTER TABLE rate_limits RENAME TO rate_limits_elsewhere');
  for (let i = 0; i < 2; i++) refused(await login(url, 'ana', 'a wrong guess'), 'auth.wrong');
  refused(await login(url, 'ana', password), 'auth.too_many');
});

test('what others have to bear is counted for each person over all nodes, by how large it is, and refused with the wait', async t => {
  const rates = { reportsPerHour: 2, searchesPerMinute: 2, invitesPerHour: 5, addedPerHour: 5, uploadsPerHour: 2 };
  const { one, other } = await twoNodes(t, rates);
  const [ana, ben] = [await account(one, 'ana'), await account(one, 'ben')];
  const others: Person[] = [];
  for (let i = 0; i < 4; i++) others.push(await account(one, `guest${i}`));
  const rooms = [];
  for (let i = 0; i < 4; i++) rooms.push(await group(ana, [])); // nobody is brought in: that costs nothing
  const [room = ''] = rooms;
  await ana.http('POST', `/conversations/${room}/members`, { userIds: [ben.id] });
  for (let i = 0; i < 3; i++) await sent(ben, room, 'buy now');

  const at = (node: string, { grant }: Person, method: string, path: string, body?: unknown) =>
    ask(node, `/api/v1${path}`, { method, token: grant.accessToken, ...(body !== undefined && { body }) });
  const file = (node: string, person: Person) =>
    ask(node, '/api/v1/media?name=a.txt', {
      method: 'POST',
      token: person.grant.accessToken,
      body: 'text',
      headers: { 'content-type': 'text/plain' },
    });
  const slow = (answer: Awaited<ReturnType<typeof ask>>) => {
    const { retryAfterMs } = refused(answer, 'rate.exceeded');
    assert.ok(retryAfterMs !== undefined && retryAfterMs > 0);
  };

  for (const [i, node] of [one, other].entries()) {
    const report = await at(node, ana, 'POST', `/conversations/${room}/messages/${i + 3}/report`, { reason: 'spam' });
    assert.ok(report.status < 300, report.text);
    assert.equal((await at(node, ana, 'GET', '/search?q=buy')).status, 200);
    assert.equal((await file(node, ana)).status, 201);
  }
  slow(await at(one, ana, 'POST', `/conversations/${room}/messages/5/report`, { reason: 'spam' }));
  slow(await at(one, ana, 'GET', '/search?q=buy'));
  slow(await file(other, ana));
  assert.equal((await at(one, ben, 'GET', '/search?q=buy')).status, 200, 'somebody else has a count of their own');

  const invite = (node: string, conversationIds: string[]) => at(node, ana, 'POST', '/invites', { conversationIds });
  assert.equal((await invite(one, rooms)).status, 201);
  slow(await invite(other, rooms.slice(0, 2))); // two more than the one that is left
  assert.equal((await invite(other, [room])).status, 201, 'what was refused cost nothing');
  slow(await invite(one, [room]));

  const add = (node: string, people: Person[]) =>
    at(node, ana, 'POST', `/conversations/${room}/members`, { userIds: people.map(person => person.id) });
  assert.equal((await add(one, others.slice(0, 3))).status, 200);
  slow(await add(other, others.slice(2)));
  assert.equal((await add(other, others.slice(3))).status, 200);
});

/** A node's counts, on a database of its own. */
async function counts(t: TestContext, rememberedMax?: number) {
  const url = await migrated(t, () => {
    limits.close();
    return db.end();
  });
  const db = openPool(url, log);
  const limits = createSharedLimits(db, log, rememberedMax);
  return { db, limits };
}

test('whoever was refused is refused again without a statement, unless they ask for less or something was given back', async t => {
  const { db, limits } = await counts(t);
  const limiter = limits.limiter('test', 5, 60_000);
  assert.equal(await limiter.take('ana', 4), 0);
  const wait = await limiter.take('ana', 2);
  assert.ok(wait > 0 && wait <= 60_000, String(wait));
  await db.query('DELETE FROM rate_limits'); // who asked now would be let through
  const again = await limiter.take('ana', 2);
  assert.ok(again > 0 && again <= wait, String(again));
  assert.equal(await limiter.take('ben', 2), 0);
  assert.equal(await limiter.take('ana', 1), 0);
  await limiter.giveBack('ana', 1);
  assert.equal(await limiter.take('ana', 2), 0);
});

test('of those who were refused the latest are remembered; PostgreSQL is asked about the others, and knows them', async t => {
  const { db, limits } = await counts(t, 2);
  const limiter = limits.limiter('test', 1, 60_000);
  const all = ['ana', 'ben', 'cem'];
  for (const name of all) {
    assert.equal(await limiter.take(name), 0);
    assert.ok((await limiter.take(name)) > 0, name);
  }
  assert.deepEqual(
    all.map(name => limiter.waitMs(name) > 0),
    [false, true, true],
  );
  assert.ok((await limiter.take('ana')) > 0, 'it is counted still');
  await db.query('DELETE FROM rate_limits');
  assert.equal(await limiter.take('ben'), 0, 'ana took the place of ben');
});

test('where ten thousand came from that nobody knows is remembered, and asked again of the one longest ago', async () => {
  const asked: string[] = [];
  const limiter = { take: async () => 0, giveBack: async () => {}, waitMs: () => 0 };
  const tries = createTries(many, { limiter: () => limiter, close: () => {} }, async name => {
    asked.push(name);
    return false;
  });
  const guess = (name: string) =>
    assert.rejects(
      tries.login(name, '203.0.113.7', async () => refuse('auth.wrong', {})),
      { code: 'auth.wrong' },
    );
  for (let i = 0; i <= 10_000; i++) await guess(`guest${i}`);
  assert.equal(asked.length, 10_001);
  await guess('guest10000');
  assert.equal(asked.length, 10_001, 'the latest is known to be strange');
  await guess('guest0');
  assert.deepEqual(asked.slice(10_001), ['guest0']);
});

test('a clock that was wrong for a moment locks nobody out for longer than the window', async t => {
  const { db, limits } = await counts(t);
  const limiter = limits.limiter('test', 1, 60_000);
  assert.equal(await limiter.take('ana'), 0);
  await db.query('UPDATE rate_limits SET expire = expire + 86400000');
  assert.equal(await limiter.take('ana'), 0);
  const wait = await limiter.take('ana');
  assert.ok(wait > 0 && wait <= 60_000, String(wait));
});

test('where somebody came from is asked only of tries that the limits let through', async t => {
  const { limits } = await counts(t);
  let asked = 0;
  const tries = createTries({ ...many, loginTriesPerMinutePerAccount: 1 }, limits, async () => {
    asked++;
    return true;
  });
  const guess = () => tries.login('ana', '203.0.113.7', async () => refuse('auth.wrong', {}));
  await assert.rejects(guess(), { code: 'auth.wrong' });
  for (let i = 0; i < 3; i++) await assert.rejects(guess(), { code: 'auth.too_many' });
  assert.equal(asked, 1);
});
