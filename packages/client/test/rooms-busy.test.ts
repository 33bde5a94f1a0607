import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Id } from '@carpenter/protocol';
import { ClientError } from '../src/error.ts';
import { createPeople } from '../src/people.ts';
import { createRetries } from '../src/retries.ts';
import { createThreads } from '../src/threads.ts';
import { account, seqs, thread, time } from './account.ts';
import { me, other } from './model.ts';

test('promise 4: what a busy server did not say is asked for again after the wait that it named', async t => {
  const { server, rooms, asked, ready, id, quiet, refuse } = account(t);
  rooms.ready(ready());
  await quiet();
  server.send(other); // lost
  rooms.durable(server.send(other));
  asked.length = 0;
  refuse(2);
  for (const ms of [300, 1_100, 1_100]) {
    t.mock.timers.tick(ms);
    await quiet();
  }
  assert.deepEqual(
    [asked, seqs(rooms, id)],
    [
      ['sync', 'sync', 'sync'],
      [1, 2, 3],
    ],
  );
});

test('promise 4: counters that a busy server did not tell are compared soon, not after a minute', async t => {
  const { server, rooms, asked, ready, id, quiet, refuse } = account(t);
  refuse(1);
  rooms.ready(ready());
  await quiet();
  server.send(other); // lost
  t.mock.timers.tick(1_100);
  await quiet();
  assert.deepEqual(
    [asked, seqs(rooms, id)],
    [
      ['heads', 'heads', 'sync'],
      [1, 2],
    ],
  );
});

test('promise 4: a conversation that a busy server did not show is asked for after the wait that it named, not with each event', async t => {
  const { server, rooms, asked, ready, id, quiet, refuse } = account(t);
  rooms.ready({ ...ready(), conversations: [] });
  await quiet();
  rooms.gone(id);
  asked.length = 0;
  refuse(1);
  for (let n = 0; n < 10; n++) {
    rooms.durable(server.send(other));
    await quiet();
  }
  assert.deepEqual(asked, ['conversation']);
  t.mock.timers.tick(1_200);
  await quiet();
  assert.deepEqual([asked, rooms.get(id)?.log.rev], [['conversation', 'conversation'], server.rev()]);
});

test('promise 4: a thread that is opened while the server is too busy to let it be heard is heard after the wait that it named', async t => {
  const { rooms, watching, ready, id, quiet } = account(t, { following: false }, thread);
  rooms.ready(ready());
  await quiet();
  rooms.watch(id, true);
  const [first] = watching;
  assert.deepEqual(first?.conversationIds, [id]);
  const busy = { type: 'error', code: 'storage_unavailable', message: 'busy', retryAfterMs: 1_000 } as const;
  rooms.refused({ ...busy, ...(first?.ref !== undefined && { ref: first.ref }) });
  t.mock.timers.tick(1_200);
  assert.deepEqual(watching, [first, first]);
  rooms.refused(busy); // to something else
  t.mock.timers.tick(30_000);
  assert.equal(watching.length, 2);
});

test('what a thread hangs on is read again after the wait that a busy server named, however often one looks meanwhile', async t => {
  const { rooms, people, http, retries, asked, ready, quiet, refuse } = account(t, { following: true }, thread);
  const threads = createThreads({ rooms, people, http, retries, changed: () => {} });
  rooms.ready(ready());
  await quiet();
  asked.length = 0;
  refuse(1);
  for (let n = 0; n < 3; n++) {
    threads.rows();
    await quiet();
  }
  assert.deepEqual(asked, ['message']);
  t.mock.timers.tick(1_200);
  await quiet();
  assert.deepEqual([asked, threads.rows().length], [['message', 'message'], 1]);
});

test('names that a busy server did not tell are asked for after the wait that it named, together, and with a new connection', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const retries = createRetries(() => 0.5);
  t.after(retries.close);
  const asked: (readonly Id[])[] = [];
  let busy = 1;
  const people = createPeople(async ids => {
    asked.push(ids);
    if (busy-- > 0) throw new ClientError('storage_unavailable', 'busy', { retryAfterMs: 1_000 });
    return ids.map(id => ({ id, username: id, displayName: id, createdAt: time }));
  }, retries);
  people.need([me]);
  t.mock.timers.tick(10);
  await turn();
  people.need([me, other]);
  t.mock.timers.tick(10);
  await turn();
  assert.deepEqual(asked, [[me]]);
  t.mock.timers.tick(1_200);
  await turn();
  assert.deepEqual(asked, [[me], [me, other]]);
  assert.deepEqual([...people.users.get().keys()], [me, other]);

  busy = 1;
  people.need(['c']);
  t.mock.timers.tick(10);
  await turn();
  people.online();
  await turn();
  assert.ok(people.users.get().has('c'));
});
