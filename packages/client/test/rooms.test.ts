import assert from 'node:assert/strict';
import test from 'node:test';
import { emptyLog, tail } from '../src/sync/log.ts';
import { unreadFrom } from '../src/sync/room.ts';
import { account, seqs } from './account.ts';
import { me, other } from './model.ts';

test('promise 4: an event that was lost is noticed by the next one, and asked for after a moment', async t => {
  const { server, rooms, asked, ready, id, quiet } = account(t);
  rooms.ready(ready());
  await quiet();
  asked.length = 0;
  server.send(other); // lost
  rooms.durable(server.send(other));
  await quiet();
  assert.deepEqual([asked, rooms.get(id)?.log.rev], [[], 1], 'it may only be late');
  t.mock.timers.tick(300);
  await quiet();
  assert.deepEqual([asked, seqs(rooms, id)], [['sync'], [1, 2, 3]]);
});

test('promise 4: the answer to my own message that comes while older changes are on their way is not forgotten', async t => {
  const { server, rooms, asked, ready, id, quiet } = account(t);
  rooms.ready(ready());
  await quiet();
  asked.length = 0;
  server.send(other); // lost
  rooms.durable(server.send(other));
  t.mock.timers.tick(300);
  assert.deepEqual(asked, ['sync']); // answered as of now, and still on its way
  const mine = server.send(me);
  assert.ok('message' in mine);
  rooms.acked(mine.message);
  await quiet();
  assert.deepEqual(seqs(rooms, id), [1, 2, 3, 4]);
});

test('events that overtook each other cost no question', async t => {
  const { server, rooms, asked, ready, id, quiet } = account(t);
  rooms.ready(ready());
  await quiet();
  asked.length = 0;
  const [two, three] = [server.send(other), server.send(other)];
  rooms.durable(three);
  rooms.durable(two);
  t.mock.timers.tick(300);
  await quiet();
  assert.deepEqual([asked, seqs(rooms, id)], [[], [1, 2, 3]]);
});

test('promise 4: a last event that was lost shows no gap: the counters are compared once a minute', async t => {
  const { server, rooms, asked, ready, id, quiet } = account(t);
  rooms.ready(ready());
  await quiet();
  server.send(other); // lost
  asked.length = 0;
  t.mock.timers.tick(60_000);
  await quiet();
  assert.deepEqual(
    [asked, seqs(rooms, id)],
    [
      ['heads', 'sync'],
      [1, 2],
    ],
  );
});

test('when numbers begin anew, what is looked at stays until it is read again, and then is as there', async t => {
  const { server, rooms, ready, id, quiet } = account(t);
  rooms.ready(ready());
  rooms.watch(id, true);
  await quiet();
  for (let n = 0; n < 3; n++) rooms.durable(server.send(me));
  assert.deepEqual(seqs(rooms, id), [1, 2, 3, 4]);
  server.restore(); // a backup from before anything was said; and so much was said since that the numbers look fine
  for (let n = 0; n < 5; n++) server.send(other);
  const kept = rooms.get(id);
  rooms.ready(ready());
  assert.equal(rooms.get(id)?.log, kept?.log);
  await quiet();
  assert.deepEqual(tail(rooms.get(id)?.log ?? emptyLog)?.messages, server.messages().slice(-3));
});

test('when numbers began anew and the connection broke at once, it is read again with the next one', async t => {
  const { server, rooms, ready, id, quiet, unplug } = account(t);
  rooms.ready(ready());
  rooms.watch(id, true);
  await quiet();
  for (let n = 0; n < 3; n++) rooms.durable(server.send(me));
  server.restore();
  for (let n = 0; n < 5; n++) server.send(other);
  unplug(true);
  rooms.ready(ready());
  await quiet();
  unplug(false);
  rooms.ready(ready());
  await quiet();
  assert.deepEqual(tail(rooms.get(id)?.log ?? emptyLog)?.messages, server.messages().slice(-3));
});

test('what happens in a conversation that is not known brings it in', async t => {
  const { server, rooms, asked, ready, id, quiet } = account(t);
  rooms.ready({ ...ready(), conversations: [] });
  await quiet();
  rooms.gone(id);
  asked.length = 0;
  rooms.durable(server.send(other));
  await quiet();
  assert.deepEqual([asked, rooms.get(id)?.log.lastSeq], [['conversation'], 2]);
});

test('what is heard of a thread a moment after nobody looks at it any more neither brings it back nor stays', async t => {
  const { server, state, rooms, asked, ready, id, quiet } = account(t, { following: false });
  rooms.ready({ ...ready(), conversations: [] });
  rooms.watch(id, true);
  rooms.add(state());
  server.send(other); // lost
  rooms.durable(server.send(other)); // held
  rooms.watch(id, false);
  rooms.durable(server.send(other));
  await quiet();
  assert.equal(rooms.get(id), undefined);
  rooms.watch(id, true);
  rooms.add(state());
  await quiet();
  asked.length = 0;
  t.mock.timers.tick(300);
  await quiet();
  assert.deepEqual(asked, [], 'nothing is missing now');
});

test('promise 4: whoever is let in again while something was missing notices the next gap, too', async t => {
  const { server, state, rooms, ready, id, quiet } = account(t);
  rooms.ready(ready());
  await quiet();
  server.send(other); // lost
  rooms.durable(server.send(other)); // held
  rooms.removed(id);
  rooms.add(state());
  server.send(other); // lost
  rooms.durable(server.send(other));
  t.mock.timers.tick(300);
  await quiet();
  assert.deepEqual(rooms.get(id)?.log.rev, server.rev());
});

test('messages of others are confirmed as being on my device, once a second', async t => {
  const { server, rooms, told, ready, quiet } = account(t);
  rooms.ready(ready());
  await quiet();
  told.length = 0;
  t.mock.timers.tick(1_000);
  for (let n = 0; n < 5; n++) rooms.durable(server.send(other));
  t.mock.timers.tick(1_000);
  assert.deepEqual(told, ['receipt.delivered 2', 'receipt.delivered 6']);
});

test('of a conversation that nobody looks at the latest few hundred messages are kept, however long it goes on', async t => {
  const { server, rooms, ready, id } = account(t);
  rooms.ready(ready());
  for (let n = 0; n < 1_000; n++) rooms.durable(server.send(other));
  const held = seqs(rooms, id) ?? [];
  assert.ok(held.length >= 200 && held.length <= 400, `${held.length} messages`);
  assert.equal(held.at(-1), 1_001);
  assert.equal(rooms.get(id)?.log.rev, server.rev());
});

test('what I read before I marked it unread, and am told only then, does not take the mark away', async t => {
  const { rooms, marks, ready, id } = account(t);
  rooms.ready(ready());
  const read = { type: 'receipt', conversationId: id, userId: me, deliveredSeq: 1, readSeq: 1 } as const;
  const answer = Promise.withResolvers<void>();
  const asked = marks.around(id, () => answer.promise);
  rooms.change(id, room => unreadFrom(room, 1, me));
  rooms.receipt(read);
  assert.equal(rooms.get(id)?.mine.unreadFrom, 1);
  answer.resolve();
  await asked;
  rooms.receipt(read);
  assert.equal(rooms.get(id)?.mine.unreadFrom, undefined, 'read from elsewhere, after it');
});

test('promise 4: however much is heard of a conversation while it is on its way, it is asked for once, and whole', async t => {
  const { server, rooms, asked, ready, id, quiet } = account(t);
  rooms.ready({ ...ready(), conversations: [] });
  await quiet();
  rooms.gone(id);
  asked.length = 0;
  for (let n = 0; n < 4; n++) rooms.durable(server.send(other)); // answered as of the first
  await quiet();
  assert.deepEqual([asked, rooms.get(id)?.log.rev], [['conversation', 'sync'], server.rev()]);
});
