import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createAccount } from '../src/auth/accounts.ts';
import { hashPassword, isPasswordHash, passwordCost, passwordMatches } from '../src/auth/password.ts';
import { defaults } from '../src/config.ts';
import { openPool } from '../src/store/database.ts';
import { ask, login, refused } from './ask.ts';
import { house, log, migrated } from './house.ts';
import { account, direct, password } from './people.ts';

const register = (url: string, body: object) => ask(url, '/api/v1/auth/register', { body });
const roleOf = (answer: { json(): Record<string, unknown> }) => {
  const { user } = answer.json();
  assert.ok(typeof user === 'object' && user !== null && 'role' in user);
  return user.role;
};

test('the first account is the owner: exactly one, also when eight register at the same moment', async t => {
  const { url } = await house(t);
  const version = async () => (await ask(url, '/version')).json().firstAccount;
  assert.equal(await version(), true);
  const names = Array.from({ length: 8 }, (_, i) => `person${i}`);
  const answers = await Promise.all(names.map(username => register(url, { username, password })));
  assert.deepEqual([...new Set(answers.map(answer => answer.status))], [201]);
  const roles = answers.map(roleOf).sort();
  assert.deepEqual(roles, ['member', 'member', 'member', 'member', 'member', 'member', 'member', 'owner']);
  assert.equal(await version(), false);
});

test('accounts that are stored at the very same moment: one owner, and nobody is turned away', async t => {
  const databaseUrl = await migrated(t, () => db.end());
  const db = openPool(databaseUrl, log);
  const passwordHash = await hashPassword(password);
  const names = Array.from({ length: 8 }, (_, i) => `person${i}`);
  await Promise.all(names.map(() => db.query('SELECT pg_sleep(0.05)'))); // as many connections
  const made = await Promise.all(names.map(username => createAccount(db, { username, passwordHash })));
  assert.deepEqual(made.map(me => me.role).sort(), [...Array<string>(7).fill('member'), 'owner']);
});

test('a username belongs to one person, however it is written, also when two want it at the same moment', async t => {
  const { url } = await house(t);
  await account(url, 'zoe');
  const both = await Promise.all([
    register(url, { username: 'Ana', password }),
    register(url, { username: 'aNA', password }),
  ]);
  assert.deepEqual(both.map(answer => answer.status).sort(), [201, 409]);
  refused(await register(url, { username: 'ANA', password }), 'account.taken');
  const free = async (name: string) => (await ask(url, `/api/v1/auth/username?username=${name}`)).json().free;
  assert.deepEqual([await free('AnA'), await free('ben')], [false, true]);
  assert.equal((await login(url, 'ANA', password)).status, 200);
});

test('names that look alike, controls and short passwords are refused in words', async t => {
  const { url } = await house(t);
  for (const username of ['ab', 'a'.repeat(33), 'аnna', 'an na', 'ana\u0000', 'ana\u200b', 'ᴮᴵᴳᴮᴵᴿᴰ', '', 7, null]) {
    const { details } = refused(await register(url, { username, password }), 'input.invalid');
    assert.match(JSON.stringify(details), /username/, String(username));
  }
  for (const displayName of ['', '  ', 'x'.repeat(65), 'An\u202ena', 'An\u200bna', 'a\u0000b', '\ud800']) {
    refused(await register(url, { username: 'ana', displayName, password }), 'input.invalid');
  }
  refused(await register(url, { username: 'ana', password: 'short' }), 'input.invalid');
});

test('promise 5: unknown user and wrong password cannot be told apart, by words or by time', async t => {
  const { url } = await house(t, { passwordCost: defaults.passwordCost });
  await account(url, 'ana');
  const timed = async (username: string) => {
    const begin = performance.now();
    const answer = await login(url, username, 'not the password');
    return { told: refused(answer, 'auth.wrong'), ms: performance.now() - begin };
  };
  const [known, unknown, impossible] = [[], [], []] as [number[], number[], number[]];
  for (let i = 0; i < 8; i++) {
    const [one, two, three] = [await timed('ana'), await timed('nobody'), await timed("'; \u0000 no name at all")];
    assert.deepEqual(one.told, two.told);
    assert.deepEqual(one.told, three.told);
    known.push(one.ms);
    unknown.push(two.ms);
    impossible.push(three.ms);
  }
  const median = (list: number[]) => list.sort((a, b) => a - b)[4] ?? 0;
  for (const list of [unknown, impossible]) {
    // Without the dummy hash it is a thirtieth.
    assert.ok(median(list) > median(known) * 0.5, `${median(list)} ms against ${median(known)} ms`);
  }
});

test('a password is kept as argon2id with the cost that OWASP names, and composed letters are the same letters', async () => {
  const hash = await hashPassword('cr\u00e8me br\u00fbl\u00e9e');
  assert.equal(defaults.passwordCost, passwordCost);
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  assert.equal(await passwordMatches('cre\u0300me bru\u0302le\u0301e', hash), true);
  assert.equal(await passwordMatches('creme brulee', hash), false);
  assert.notEqual(await hashPassword('cr\u00e8me br\u00fbl\u00e9e'), hash);
  for (const broken of [
    '',
    '$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA',
    `${hash}x$`,
    hash.slice(0, 40),
  ]) {
    assert.equal(isPasswordHash(broken), false, broken);
  }
});

test('a hash that another program made opens the door, too', async () => {
  // echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1 -l 24 (the reference implementation's own test vector)
  const made = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  assert.equal(await passwordMatches('password', made), true);
  assert.equal(await passwordMatches('Password', made), false);
});

test('two hundred logins at once: some get in, the others hear when to come again, and those who talk do not wait', async t => {
  const { url } = await house(t, { passwordCost: defaults.passwordCost });
  const ana = await account(url, 'ana');
  const room = await direct(ana, await account(url, 'ben'));
  const line = await ana.connect(t);
  const trips: number[] = [];
  let under = true;
  const crowd = Promise.all(Array.from({ length: 200 }, () => login(url, 'ana', password))).finally(() => {
    under = false;
  });
  while (under) {
    const begin = performance.now();
    const clientId = randomUUID();
    assert.equal((await line.ask({ type: 'message.send', conversationId: room, clientId, text: 'x' })).type, 'ack');
    trips.push(performance.now() - begin);
  }
  const answers = await crowd;
  // They take seconds of all cores: of messages that waited behind them there would be one or two.
  const median = trips.toSorted((a, b) => a - b)[Math.floor(trips.length / 2)] ?? 0;
  assert.ok(trips.length >= 5 && median < 500, `${trips.length} messages meanwhile, ${Math.round(median)} ms each`);
  const busy = answers.filter(answer => answer.status === 503);
  assert.ok(busy.length > 10 && busy.length < 199, `${busy.length} of 200`);
  for (const answer of busy) {
    const { retryAfterMs } = refused(answer, 'auth.busy');
    assert.ok(retryAfterMs !== undefined && retryAfterMs > 500 && retryAfterMs < 60_000);
    assert.ok(Number(answer.headers.get('retry-after')) >= 1);
  }
});

test('nobody can be called what means everybody', async t => {
  const { url } = await house(t);
  for (const username of ['all', 'Here']) {
    refused(await register(url, { username, password }), 'account.taken');
    assert.deepEqual((await ask(url, `/api/v1/auth/username?username=${username}`)).json(), { free: false });
  }
});
