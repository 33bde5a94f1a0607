import assert from 'node:assert/strict';
import { test } from 'node:test';
import { house } from './house.ts';
import { account, direct } from './people.ts';

test('two people talk: the sender hears ack, the other the message, both the same', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const ben = await account(url, 'ben');
  const room = await direct(ana, ben);
  const a = await ana.connect(t);
  const b = await ben.connect(t);
  const ack = await a.ask({ type: 'message.send', conversationId: room, clientId: crypto.randomUUID(), text: 'hello' });
  const heard = await b.next('message.created');
  assert.equal(ack.type, 'ack');
  assert.deepEqual(heard.message, ack.type === 'ack' && ack.message);
  assert.equal(heard.message.seq, 1);
});
