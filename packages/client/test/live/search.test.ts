import assert from 'node:assert/strict';
import test from 'node:test';
import { house } from '../../../server/test/house.ts';
import { newcomer, until } from '../world.ts';

test('a search finds page after page, knows the people in it, and says in a code why it finds nothing', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const ben = await newcomer(t, url, 'ben');
  const room = ana.client.conversation(await ana.client.beginDirect(ben.id));
  for (const text of ['one plank', 'two planks', 'three planks']) await room.stored(room.send(text));
  await until(ben.client.conversations, rows => rows?.length === 1, 'the conversation in the list of ben');

  const first = await ben.client.search('plank from:@ana', { limit: 2 });
  assert.deepEqual(
    first.hits.map(({ message }) => message.text),
    ['three planks', 'two planks'],
  );
  assert.equal(ben.client.users.get().get(ana.id)?.username, 'ana');
  const second = await ben.client.search('plank from:@ana', { limit: 2, cursor: first.next });
  assert.deepEqual([second.hits.map(({ message }) => message.text), second.next], [['one plank'], undefined]);
  await assert.rejects(ben.client.search('  '), { code: 'search.too_wide' });
  await assert.rejects(ben.client.search('from:nobody plank'), { code: 'search.filter_unknown' });
});
