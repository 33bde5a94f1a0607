import assert from 'node:assert/strict';
import test from 'node:test';
import { house } from '../../../server/test/house.ts';
import { newcomer, open, reads, until } from '../world.ts';

test('two people talk, and each sees how far a message has come', async t => {
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  const ben = await newcomer(t, url, 'ben');
  const id = await ana.client.beginDirect(ben.id);
  const anas = open(t, ana.client, id);
  await until(ben.client.conversations, rows => rows?.length === 1, 'the conversation in the list of ben');
  const bens = open(t, ben.client, id);

  const stored = await anas.stored(anas.send('Is the oak here?'));
  await reads(bens, ['Is the oak here?']);
  bens.send('This morning.');
  await reads(anas, ['Is the oak here?', 'This morning.']);

  bens.markRead(stored.seq);
  const view = await until(
    anas.timeline,
    v => v.messages.some(m => m.kind === 'stored' && m.status?.is === 'read'),
    'the read mark',
  );
  const first = view.messages.find(m => m.kind === 'stored' && m.message.seq === stored.seq);
  assert.deepEqual(first?.status, { is: 'read', by: [ben.id], onDeviceOf: [ben.id] });
});
