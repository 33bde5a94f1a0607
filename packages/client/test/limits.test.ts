import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createAsks } from '../src/asks.ts';
import { cell } from '../src/observable.ts';
import { createOutbox } from '../src/outbox/outbox.ts';
import { add, emptyQueue, type Queue, takeOff } from '../src/outbox/queue.ts';
import { createPeople } from '../src/people.ts';
import { createRetries } from '../src/retries.ts';
import { takeSnapshot } from '../src/snapshot.ts';
import { memoryStorage } from '../src/storage/memory.ts';
import { openStorage } from '../src/storage/storage.ts';
import { type Held, receive } from '../src/sync/held.ts';
import { fromState } from '../src/sync/room.ts';
import { me, model, other } from './model.ts';
import { until } from './world.ts';

// docs/limits.md lists every queue, map and cache; here are the limits that no other test reaches.

test('of what came before the event that it follows five hundred are held', () => {
  const server = model();
  server.send(other);
  const room = fromState(server.state());
  server.send(other); // lost
  let held: Held = new Map();
  for (let n = 0; n < 600; n++) held = receive(room, held, server.send(other), me).held;
  assert.equal(held.size, 500);
});

test('sixteen conversations have a message under way; the others wait in their order', () => {
  let queue: Queue = emptyQueue;
  for (let order = 0; order < 20; order++) {
    const entry = { clientId: randomUUID(), conversationId: randomUUID(), text: 'hello', sentAt: '', order };
    queue = add(queue, entry);
  }
  const all = () => true;
  const first = takeOff(queue, 0, all, all);
  assert.deepEqual(
    first.go.map(entry => entry.order),
    Array.from({ length: 16 }, (_, i) => i),
  );
  assert.deepEqual(takeOff(first.queue, 0, all, all).go, []);
});

test('names are asked for a hundred at once, and once: who does not exist is not asked for with every message that names them', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const retries = createRetries(() => 0.5);
  t.after(retries.close);
  const asked: number[] = [];
  const people = createPeople(async ids => {
    asked.push(ids.length);
    return [];
  }, retries);
  const ids = Array.from({ length: 250 }, () => randomUUID());
  for (let n = 0; n < 2; n++) {
    people.need(ids);
    for (let i = 0; i < 10; i++) {
      t.mock.timers.tick(10);
      await turn();
    }
  }
  assert.deepEqual(asked, [100, 100, 50]);
});

test('a thousand messages that were given up are remembered, so that no slower tab brings them back', async () => {
  const storage = openStorage(memoryStorage(), 'limits');
  let reload = () => {};
  const now = () => 0;
  const none = () => {};
  const outbox = createOutbox({
    ...{ me, storage, now, serverNow: now, random: now, post: () => new Promise(none) },
    tabs: {
      alone: (_, run) => run(),
      lead: none,
      tell: none,
      heard: (_, listener) => {
        reload = listener;
      },
      close: none,
    },
    uploads: {
      ...{ all: cell([]), known: () => true, find: () => undefined },
      ...{ putInMessage: none, takeOut: none, retry: none, cancel: none, forget: none },
    },
  });
  const given = [];
  for (let n = 0; n <= 1_000; n++) {
    const clientId = outbox.add(other, `${n}`);
    given.push({ clientId, conversationId: other, text: `${n}`, sentAt: '', order: n });
    outbox.discard(clientId);
  }
  await turn(); // what was removed is removed
  for (const entry of given) await storage.write(`outbox/${me}/${entry.clientId}`, entry); // by the slower tab
  reload();
  const shown = await until(outbox.messages, list => list.length > 0, 'the one that is forgotten');
  assert.deepEqual(
    shown.map(({ text }) => text),
    ['0'],
  );
  await outbox.close();
});

test('of thirty conversations the newest fifty messages are kept for the next start', () => {
  const server = model();
  let room = fromState(server.state());
  for (let n = 0; n < 60; n++) room = receive(room, new Map(), server.send(other), me).room;
  const { rooms } = takeSnapshot(
    '1',
    Array.from({ length: 31 }, () => room),
    new Map(),
  );
  assert.equal(rooms.length, 30);
  for (const { log } of rooms)
    assert.deepEqual(
      log.stretches.flatMap(({ messages }) => messages.map(({ seq }) => seq)),
      Array.from({ length: 50 }, (_, n) => n + 11),
    );
});

test('a question that nobody answers fails after a while, in words', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const asks = createAsks();
  const link = { via: 'websocket', send: () => true, renew: () => true, close: () => {} } as const;
  const answer = assert.rejects(asks.ask({ type: 'heads' }, link), /[a-z]{3}/);
  t.mock.timers.tick(15_000);
  await answer;
});
