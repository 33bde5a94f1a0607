import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, type Event } from '@carpenter/protocol';
import { createMemoryBus } from '../src/bus/memory.ts';
import type { Chat } from '../src/chat/chat.ts';
import { watchThreads } from '../src/chat/threads.ts';
import { createHub } from '../src/gateway/hub.ts';
import { createSeat } from '../src/gateway/seat.ts';
import { v7 } from '../src/ids.ts';
import { openStore } from '../src/store/store.ts';
import { house, log } from './house.ts';
import { account, group } from './people.ts';
import { sent } from './sent.ts';

test('whoever is taken out while further threads are asked about does not hear the first ones again', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await group(ana, [ben]);
  const threads: string[] = [];
  for (const text of ['one', 'two']) {
    const { seq } = await sent(ana, room, text);
    const { body } = await ana.http('POST', `/conversations/${room}/messages/${seq}/thread`);
    threads.push(api.thread.answers[201].parse(body).conversation.id);
  }
  const [first = '', second = ''] = threads;

  const bus = createMemoryBus(log);
  const hub = createHub(bus);
  const store = await openStore(databaseUrl, log, { smallRoom: 1, marked: () => {} });
  const heard: Event[] = [];
  const line = { write: ({ event }: { event: Event }) => void heard.push(event), waiting: () => 0, end: () => {} };
  const actor = { userId: ben.id, username: 'ben', sessionId: v7() };
  const seat = createSeat(v7(), actor, line);
  hub.join(seat);
  hub.subscribe(seat, []);
  seat.open({ type: 'pong', serverTime: new Date().toISOString() });

  let removed = false;
  const turn: typeof store.turn = async (id, work) => {
    if (id === second) {
      removed = true;
      bus.publish({ to: 'hub', change: 'member.removed', conversationId: room, userId: ben.id });
    }
    return store.turn(id, work);
  };
  const chat: Pick<Chat, 'store' | 'bus'> = { store: { ...store, turn }, bus };
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
