import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { house } from '../../server/test/house.ts';
import { account, group, password } from '../../server/test/people.ts';
import { foreignIn } from '../src/clients/foreign.ts';
import { readFrame } from '../src/clients/read-frame.ts';
import { createWire } from '../src/clients/wire.ts';
import { randomOf } from '../src/world/random.ts';
import type { WithoutTime } from '../src/world/types.ts';

const [mine, theirs, user] = [randomUUID(), randomUUID(), randomUUID()];
const at = '2026-11-30T07:00:00.000Z';
const message = (conversationId: string) => ({
  id: randomUUID(),
  clientId: randomUUID(),
  conversationId,
  seq: 1,
  rev: 7,
  sender: user,
  type: 'text',
  text: 'hello',
  createdAt: at,
});
function found(frame: object) {
  const heard = readFrame(JSON.stringify(frame));
  assert.ok('event' in heard, JSON.stringify(heard));
  return foreignIn(heard, conv => conv === theirs);
}

test('whatever kind of frame names a conversation that somebody is not in, and wherever in it, that is seen', () => {
  const named = (type: string, rev?: number) => [{ conv: theirs, type, ...(rev !== undefined && { rev }) }];
  assert.deepEqual(found({ type: 'bookmark.removed', conversationId: theirs, seq: 1 }), named('bookmark.removed'));
  assert.deepEqual(found({ type: 'typing', conversationId: theirs, userId: user, active: true }), named('typing'));
  assert.deepEqual(found({ type: 'activity', conversationId: theirs, rev: 9, lastSeq: 3 }), named('activity', 9));
  assert.deepEqual(found({ type: 'error', code: 'made.up', message: `Not in ${theirs}.` }), named('error'));
  const none = { lastSeq: 1, unread: 0, mentions: 0, readSeq: 0, settingsRev: 1 };
  const heads = [mine, theirs].map((conversationId, i) => ({ conversationId, rev: 4 + i, ...none }));
  assert.deepEqual(found({ type: 'heads', epoch: 'a', at, heads }), named('heads', 5));
  const created = { type: 'message.created', conversationId: mine, rev: 7, message: message(mine) };
  assert.deepEqual(
    found({ ...created, whatever: { of: [theirs] } }),
    named('message.created'),
    'unknown to the protocol',
  );
  assert.deepEqual(
    found({ ...created, conversationId: theirs, message: message(theirs) }),
    named('message.created', 7),
  );
});

test('one’s own conversations are none of it, nor the answer that a message is stored', () => {
  assert.deepEqual(found({ type: 'bookmark.removed', conversationId: mine, seq: 1 }), []);
  assert.deepEqual(found({ type: 'ack', message: message(theirs), duplicate: true }), []);
  const other = { ...message(mine), metadata: { of: theirs } };
  assert.deepEqual(found({ type: 'ack', message: other }), [{ conv: theirs, type: 'ack' }]);
});

test('a client writes down whatever it hears of a conversation that it is not in, from its first frame on', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const conv = await group(ana, [ben], 'theirs');
  const over = new AbortController();
  t.after(() => over.abort(new Error('The test is over.')));
  const { promise: written, resolve: write } = Promise.withResolvers<WithoutTime>();
  await createWire({
    p: 'c1',
    url,
    account: { username: 'ben', password },
    record: { now: () => 0, write: entry => void (entry.f === 'heard' && write(entry)), async close() {} },
    random: randomOf(1),
    node: () => 'a',
    nextTry: () => 1,
    mayBeIn: asked => asked !== conv,
    failed: assert.ifError,
    signal: over.signal,
  });
  const heard = await written;
  assert.ok(heard.f === 'heard');
  assert.deepEqual([heard.p, heard.conv, heard.type], ['c1', conv, 'ready']);
  assert.ok((heard.rev ?? 0) > 0);
});
