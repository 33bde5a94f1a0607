import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLimiter } from '../src/auth/limiter.ts';
import { defaults } from '../src/config.ts';
import { ask, knocks, login, refused } from './ask.ts';
import { house } from './house.ts';
import { account, password } from './people.ts';

const slow = { ...defaults.rates, registrationsPerHourPerAddress: 100, requestsPerMinute: 10_000 };
const from = (address: string) => ({ 'x-forwarded-for': address });

test('guessing is slowed per account, with the wait in words; nobody is locked out of another address or a session', async t => {
  const rates = { ...slow, loginTriesPerMinutePerAccount: 3, loginTriesPerMinutePerAddress: 100 };
  const { url } = await house(t, { trustProxy: 1, rates });
  const ana = await account(url, 'ana');
  const attack = from('203.0.113.7');
  for (let i = 0; i < 3; i++) refused(await login(url, 'ana', 'a wrong guess', attack), 'auth.wrong');
  const slowed = await login(url, 'ANA', password, attack);
  const { retryAfterMs } = refused(slowed, 'auth.too_many');
  assert.ok(retryAfterMs !== undefined && retryAfterMs > 1_000 && retryAfterMs <= 60_000, String(retryAfterMs));
  assert.equal(slowed.headers.get('retry-after'), String(Math.ceil(retryAfterMs / 1_000)));

  assert.equal((await login(url, 'ana', password, from('198.51.100.1'))).status, 200);
  assert.equal(await knocks(url, ana.grant.accessToken), 200);
  refused(await login(url, 'ben', 'a wrong guess', attack), 'auth.wrong'); // another account is another count
});

test('a name that nobody has is slowed just so', async t => {
  const rates = { ...slow, loginTriesPerMinutePerAccount: 2, loginTriesPerMinutePerAddress: 100 };
  const { url } = await house(t, { rates });
  for (let i = 0; i < 2; i++) refused(await login(url, 'nobody', 'a wrong guess'), 'auth.wrong');
  refused(await login(url, 'nobody', 'a wrong guess'), 'auth.too_many');
});

test('guessing at many accounts is slowed per address, and made-up forwarding headers do not help', async t => {
  const rates = { ...slow, loginTriesPerMinutePerAccount: 100, loginTriesPerMinutePerAddress: 4 };
  const { url } = await house(t, { rates });
  for (let i = 0; i < 4; i++)
    refused(await login(url, `name${i}`, 'a wrong guess', from(`192.0.2.${i}`)), 'auth.wrong');
  refused(await login(url, 'name5', 'a wrong guess', from('192.0.2.9')), 'auth.too_many');
});

test('guessing at one account from everywhere is slowed, but not for where its owner logged in before', async t => {
  const rates = { ...slow, loginTriesPerMinutePerAccount: 1, loginTriesPerMinutePerAddress: 100 };
  const { url } = await house(t, { trustProxy: 1, rates });
  await ask(url, '/api/v1/auth/register', { body: { username: 'ana', password }, headers: from('198.51.100.1') });
  for (let i = 0; i < 10; i++) refused(await login(url, 'ana', 'a wrong guess', from(`203.0.113.${i}`)), 'auth.wrong');
  refused(await login(url, 'ana', 'a wrong guess', from('203.0.113.99')), 'auth.too_many');
  assert.equal((await login(url, 'ana', password, from('198.51.100.1'))).status, 200);
});

test('asking which names are taken is slowed per address, also by trying to register them', async t => {
  const { url } = await house(t, { rates: { ...slow, loginTriesPerMinutePerAddress: 3 } });
  await account(url, 'ana');
  const free = (name: string) => ask(url, `/api/v1/auth/username?username=${name}`);
  const register = (username: string) => ask(url, '/api/v1/auth/register', { body: { username, password } });
  for (let i = 0; i < 2; i++) assert.equal((await free(`name${i}`)).status, 200);
  refused(await register('ana'), 'account.taken');
  refused(await register('ana'), 'auth.too_many');
  refused(await free('name4'), 'auth.too_many');
  assert.equal((await register('ben')).status, 201);
});

test('the right password is no guess, but one account cannot begin logins without end from one address', async t => {
  const rates = { ...slow, loginTriesPerMinutePerAccount: 1, loginTriesPerMinutePerAddress: 1 };
  const { url } = await house(t, { trustProxy: 1, rates });
  await account(url, 'ana');
  const home = from('198.51.100.1');
  for (let i = 0; i < 6; i++) assert.equal((await login(url, 'ana', password, home)).status, 200, String(i));
  const { retryAfterMs } = refused(await login(url, 'ana', password, home), 'auth.too_many');
  assert.ok(retryAfterMs !== undefined && retryAfterMs > 60_000, String(retryAfterMs));
  assert.equal((await login(url, 'ana', password, from('198.51.100.2'))).status, 200);
});

test('whoever guesses from elsewhere keeps nobody from changing their password, which is slowed by itself', async t => {
  const rates = { ...slow, loginTriesPerMinutePerAccount: 1, loginTriesPerMinutePerAddress: 100 };
  const { url } = await house(t, { trustProxy: 1, rates });
  const ana = await account(url, 'ana');
  for (let i = 0; i < 10; i++) refused(await login(url, 'ana', 'a wrong guess', from(`203.0.113.${i}`)), 'auth.wrong');
  refused(await login(url, 'ana', 'a wrong guess', from('203.0.113.99')), 'auth.too_many');
  const change = (current: string, address: string) =>
    ask(url, '/api/v1/auth/password', {
      body: { current, next: 'another long password' },
      token: ana.grant.accessToken,
      headers: from(address),
    });
  assert.equal((await change(password, '198.51.100.7')).status, 204);
  refused(await change('a wrong guess', '198.51.100.7'), 'auth.wrong_password');
  refused(await change('another long password', '198.51.100.8'), 'auth.too_many');
});

test('accounts per address are limited; a mistyped or taken name does not count', async t => {
  const rates = { ...slow, registrationsPerHourPerAddress: 2 };
  const { url } = await house(t, { rates });
  const register = (username: string) => ask(url, '/api/v1/auth/register', { body: { username, password } });
  const both = await Promise.all([register('ana'), register('ANA')]); // one finds out only when it stores
  assert.deepEqual(both.map(answer => answer.status).sort(), [201, 409]);
  for (let i = 0; i < 3; i++) refused(await register('ana'), 'account.taken');
  assert.equal((await register('ben')).status, 201);
  const { retryAfterMs } = refused(await register('cleo'), 'auth.too_many');
  assert.ok(retryAfterMs !== undefined && retryAfterMs > 60_000);
});

test('requests are counted per person, or per address where nobody is logged in', async t => {
  const { url } = await house(t, { rates: { ...slow, requestsPerMinute: 5 } });
  const ana = await account(url, 'ana');
  const ben = await account(url, 'ben');
  for (let i = 0; i < 5; i++) assert.equal(await knocks(url, ana.grant.accessToken), 200);
  const limited = await ask(url, '/api/v1/users/me', { token: ana.grant.accessToken });
  const { retryAfterMs } = refused(limited, 'rate.exceeded');
  assert.ok(retryAfterMs !== undefined && retryAfterMs <= 12_000);
  assert.equal(await knocks(url, ben.grant.accessToken), 200);
  for (let i = 0; i < 3; i++) refused(await ask(url, '/api/v1/users/me', { token: 'wrong' }), 'auth.required');
  refused(await ask(url, '/api/v1/users/me', { token: 'wrong' }), 'rate.exceeded'); // two registrations, three knocks
  assert.equal((await ask(url, '/healthz')).status, 200);
});

test('a limiter gives exactly its amount, tells a wait after which it works, and takes nothing when it refuses', () => {
  const limiter = createLimiter(7, 100_000);
  for (let i = 0; i < 7; i++) assert.equal(limiter.take('a'), 0, String(i));
  const wait = limiter.take('a');
  assert.ok(wait > 14_000 && wait <= 14_286, String(wait));
  assert.ok(limiter.take('a') <= wait);
  assert.equal(limiter.take('b'), 0);
  limiter.giveBack('a');
  assert.equal(limiter.take('a'), 0);
});
