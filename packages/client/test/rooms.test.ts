import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { CommandOf, Conversation, EventOf, Id } from '@carpenter/protocol';
import { defaultLimits } from '@carpenter/protocol';
import { ClientError, unreachable } from '../src/error.ts';
import { createMarks } from '../src/marks.ts';
import { createPeople } from '../src/people.ts';
import { createRetries } from '../src/retries.ts';
import { createRooms } from '../src/rooms.ts';
import type { Session } from '../src/session.ts';
import { emptyLog, tail } from '../src/sync/log.ts';
import { unreadFrom } from '../src/sync/room.ts';
import { createThreads } from '../src/threads.ts';
import { me, model, other } from './model.ts';

const time = '2026-11-24T09:26:00.000Z';

/**
 * The rooms of an account whose server is the model, with a clock that is moved by hand.
 * @param mine  how the conversation is kept
 * @param what  what it is: a group, where nothing else is said
 */
function account(t: TestContext, mine: { following?: boolean } = {}, what: Partial<Conversation> = {}) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const server = model();
  const state = () => {
    const { conversation, ...rest } = server.state();
    return { ...rest, conversation: { ...conversation, ...what }, mine: { ...server.mine(), ...mine } };
  };
  server.send(other);
  let unplugged = false;
  const unplug = (is: boolean) => {
    unplugged = is;
  };
  let busy = 0;
  /** The next questions are refused, as by a server whose database is away. */
  const refuse = (questions: number) => {
    busy = questions;
  };
  const asked: string[] = [];
  const told: string[] = [];
  const watching: CommandOf<'watch'>[] = [];
  const marks = createMarks(mark => {
    told.push(`${mark.type} ${mark.seq}`);
    return true;
  });
  const retries = createRetries(() => 0.5);
  const answerOrNot = (question: string) => {
    asked.push(question);
    if (busy-- > 0) throw new ClientError('storage_unavailable', 'busy', { retryAfterMs: 1_000 });
  };
  const http: Session['ask'] = async name => {
    answerOrNot(name);
    return JSON.parse(JSON.stringify({ ...state(), users: [], presence: [], ...server.page(1e9, 50) }));
  };
  const people = createPeople(async () => [], retries);
  const rooms = createRooms({
    me,
    // the model answers in the shapes of the protocol; which question gets which is what `Asks` sees to
    ask: async question => {
      if (unplugged) throw unreachable();
      answerOrNot(question.type);
      const answer: unknown =
        question.type === 'heads'
          ? { type: 'heads', epoch: String(server.epoch()), at: time, heads: [server.head()] }
          : { type: 'changes', ...server.changes('since' in question ? question.since : 0, 3, 20) };
      return JSON.parse(JSON.stringify(answer));
    },
    http,
    people,
    marks,
    retries,
    tell: command => watching.push(command),
    fetchThreads: async () => {},
    mineSeen: () => {},
    changed: () => {},
  });
  const ready = (): EventOf<'ready'> => ({
    type: 'ready',
    sessionId: me,
    epoch: String(server.epoch()),
    version: '0.1.0',
    user: { id: me, username: 'ana', displayName: 'Ana', createdAt: time, role: 'member', preferences: {} },
    serverTime: time,
    expiresAt: time,
    heartbeatMs: 25_000,
    limits: defaultLimits,
    conversations: [state()],
    users: [],
    presence: [],
  });
  const id: Id = server.state().conversation.id;
  t.after(() => {
    rooms.close();
    retries.close();
  });
  const quiet = async () => {
    for (let n = 0; n < 20; n++) await turn();
  };
  return {
    server,
    state,
    rooms,
    people,
    marks,
    retries,
    http,
    asked,
    told,
    watching,
    ready,
    id,
    quiet,
    unplug,
    refuse,
  };
}
const thread: Partial<Conversation> = { type: 'thread', parent: { conversationId: other, seq: 1 } };
const seqs = (rooms: ReturnType<typeof createRooms>, id: Id) =>
  tail(rooms.get(id)?.log ?? emptyLog)?.messages.map(m => m.seq);

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
