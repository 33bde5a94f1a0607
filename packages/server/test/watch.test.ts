import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, type Event } from '@carpenter/protocol';
import { createMemoryBus } from '../src/bus/memory.ts';
import { createInOrder } from '../src/chat/in-order.ts';
import { createQuestions } from '../src/chat/questions.ts';
import { watchThreads } from '../src/chat/threads.ts';
import { createHub } from '../src/gateway/hub.ts';
import { createSeat } from '../src/gateway/seat.ts';
import { v7 } from '../src/ids.ts';
import { createOutlast } from '../src/store/outlast.ts';
import { bucketOf } from '../src/store/shards.ts';
import { openStore } from '../src/store/store.ts';
import { house, log } from './house.ts';
import { account, group, type Person } from './people.ts';
import { sent } from './sent.ts';

test('whoever is taken out while further threads are asked about does not hear the first ones again', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await group(ana, [ben]);
  let other = room;
  while (bucketOf(other) === bucketOf(room)) other = await group(ana, [ben]); // else both are asked about at once
  const threads: string[] = [];
  for (const conversation of [room, other]) {
    const { seq } = await sent(ana, conversation, 'a root');
    const { body } = await ana.http('POST', `/conversations/${conversation}/messages/${seq}/thread`);
    threads.push(api.thread.answers[201].parse(body).conversation.id);
  }
  const [first = '', second = ''] = threads;

  const bus = createMemoryBus(log);
  const hub = createHub(bus);
  const store = await openStore(databaseUrl, log, { smallRoom: 1, marked: () => {}, settled: async () => {} });
  const heard: Event[] = [];
  const line = { write: ({ event }: { event: Event }) => void heard.push(event), waiting: () => 0, end: () => {} };
  const actor = { userId: ben.id, username: 'ben', sessionId: v7() };
  const seat = createSeat(v7(), actor, line);
  hub.join(seat);
  hub.subscribe(seat, []);
  seat.open({ type: 'pong', serverTime: new Date().toISOString() });

  let removed = false;
  const turn: typeof store.turn = async (who, ids, work) => {
    if (ids[0] === second) {
      removed = true;
      bus.publish({ to: 'hub', change: 'member.removed', conversationId: room, userId: ben.id });
    }
    return store.turn(who, ids, work);
  };
  const chat = {
    store: { ...store, turn },
    bus,
    questions: createQuestions(createOutlast(store.db)),
    inOrder: createInOrder(),
  };
  try {
    await watchThreads(chat, actor, [first, second], { seat: seat.id });
  } finally {
    await store.close();
  }
  assert.ok(removed);
  bus.publish({
    to: 'conversation',
    conversationId: first,
    event: { type: 'typing', conversationId: first, userId: ana.id, active: true },
  });
  assert.deepEqual(
    heard.filter(({ type }) => type === 'typing'),
    [],
  );
});

test('all threads of a conversation are asked about in one turn of its lane, and each says from where on it is told', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben, eve] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'eve')];
  const room = await group(ana, [ben]);
  const threads: string[] = [];
  for (const text of ['one', 'two', 'three']) {
    const { seq } = await sent(ana, room, text);
    const { body } = await ana.http('POST', `/conversations/${room}/messages/${seq}/thread`);
    threads.push(api.thread.answers[201].parse(body).conversation.id);
  }
  const store = await openStore(databaseUrl, log, { smallRoom: 1, marked: () => {}, settled: async () => {} });
  const bus = createMemoryBus(log);
  let told: { id: string }[] = [];
  bus.listen(one => void (one.to === 'hub' && one.change === 'watching' && one.thread && told.push(one.thread)));
  let turns = 0;
  const turn: typeof store.turn = (who, ids, work) => {
    turns++;
    return store.turn(who, ids, work);
  };
  const chat = {
    store: { ...store, turn },
    bus,
    questions: createQuestions(createOutlast(store.db)),
    inOrder: createInOrder(),
  };
  const watch = ({ id: userId, username }: Person) =>
    watchThreads(chat, { userId, username, sessionId: v7() }, [...threads, room, v7()], { seat: v7() });
  try {
    await watch(ben);
    assert.deepEqual(
      told.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      threads.toSorted().map(id => ({ id, parentId: room, rev: 1, lastSeq: 0 })),
    );
    assert.equal(turns, 1);
    told = [];
    await watch(eve);
    assert.deepEqual(told, []);
    assert.equal(turns, 1, 'for what is no thread that one may read the lane has no turn');
  } finally {
    await store.close();
  }
});
