import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { house } from './house.ts';
import { account, direct, group } from './people.ts';

const namesOf = (body: Record<string, unknown>): string[] => {
  assert.ok(Array.isArray(body.users), JSON.stringify(body));
  return body.users.map(user => user.username);
};

test('people are found by the beginning of their username or any part of their name', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const anton = await account(url, 'anton_b');
  await account(url, 'per.cent');
  await anton.http('PATCH', '/users/me', { displayName: 'Édouard 100% Weiß' });
  const find = async (q: string) => namesOf((await ana.http('GET', `/users?q=${encodeURIComponent(q)}`)).body);
  assert.deepEqual(await find('AN'), ['ana', 'anton_b']);
  assert.deepEqual(await find('@anton'), ['anton_b']);
  assert.deepEqual(await find('éDOU'), ['anton_b']);
  assert.deepEqual(await find('weiß'), ['anton_b']);
  assert.deepEqual(await find('0%'), ['anton_b']);
  assert.deepEqual(await find(''), ['ana', 'anton_b', 'per.cent']);
  for (const none of ['on_b', '_n', 'a%a', '\\', "'", 'a\0', '\u0000', 'x'.repeat(64)]) {
    assert.deepEqual(await find(none), [], none);
  }
});

test('a long list of people comes in pages, each person once', async t => {
  const { url } = await house(t);
  const names = Array.from({ length: 7 }, (_, i) => `user${i}`);
  const [ana] = await Promise.all(names.map(name => account(url, name)));
  assert.ok(ana);
  const seen: string[] = [];
  let next: unknown = '';
  for (let pages = 0; next !== undefined; pages++) {
    assert.ok(pages < 4);
    const { body } = await ana.http('GET', `/users?limit=3${next === '' ? '' : `&cursor=${next}`}`);
    seen.push(...namesOf(body));
    next = body.next;
  }
  assert.deepEqual(seen, names);
});

test('people are looked up by id; ids that nobody has are left out', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const ben = await account(url, 'ben');
  const { body } = await ana.http('GET', `/users?ids=${ben.id},${randomUUID()},${ana.id.toUpperCase()}`);
  assert.deepEqual(namesOf(body).sort(), ['ana', 'ben']);
  assert.equal((await ana.http('GET', `/users/${ben.id}`)).body.username, 'ben');
  const unknown = await ana.http('GET', `/users/${randomUUID()}`);
  assert.deepEqual([unknown.status, unknown.body.code], [404, 'user.unknown']);
  assert.equal('preferences' in (await ana.http('GET', `/users/${ben.id}`)).body, false);
});

test('given preferences replace single keys and are mine alone', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const change = async (preferences: object) => (await ana.http('PATCH', '/users/me', { preferences })).body;
  assert.deepEqual((await change({ theme: 'dark', sound: { on: true, volume: 3 } })).preferences, {
    theme: 'dark',
    sound: { on: true, volume: 3 },
  });
  await change({ sound: { on: false }, '\\u0000': 'only looks like NUL' });
  assert.deepEqual((await ana.http('GET', '/users/me')).body.preferences, {
    theme: 'dark',
    sound: { on: false },
    '\\u0000': 'only looks like NUL',
  });
});

test('preferences that would be too many together are refused whole', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const half = (name: string) => ({ preferences: { [name]: 'x'.repeat(2_500) } });
  assert.equal((await ana.http('PATCH', '/users/me', half('a'))).status, 200);
  const refused = await ana.http('PATCH', '/users/me', { ...half('b'), displayName: 'Another' });
  assert.deepEqual([refused.status, refused.body.code], [400, 'input.invalid']);
  const { body } = await ana.http('GET', '/users/me');
  assert.equal(body.displayName, 'ana');
});

test('a new name is told to those who share a small conversation, and to my other devices; to nobody else', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const ben = await account(url, 'ben');
  const cleo = await account(url, 'cleo');
  const dora = await account(url, 'dora');
  await direct(ana, ben);
  await group(ana, [cleo]);
  const [mine, bens, cleos, doras] = await Promise.all([ana, ben, cleo, dora].map(person => person.connect(t)));
  assert.ok(mine && bens && cleos && doras);
  const { body } = await ana.http('PATCH', '/users/me', { displayName: '  Ana   Álvarez ' });
  assert.equal(body.displayName, 'Ana Álvarez');
  assert.equal((await mine.next('me.updated')).user.displayName, 'Ana Álvarez');
  for (const line of [bens, cleos]) {
    const { user } = await line.next('user.updated');
    assert.deepEqual([user.id, user.displayName], [ana.id, 'Ana Álvarez']);
    assert.equal('preferences' in user, false);
  }
  await doras.ask({ type: 'ping' }); // what she was told would have come before the answer
  assert.deepEqual(
    doras.heard.filter(event => event.type === 'user.updated'),
    [],
  );
});
