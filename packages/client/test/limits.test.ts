import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { createAsks } from '../src/asks.ts';
import { add, emptyQueue, type Queue, takeOff } from '../src/outbox/queue.ts';
import { type Held, receive } from '../src/sync/held.ts';
import { fromState } from '../src/sync/room.ts';
import { me, model, other } from './model.ts';

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

test('a question that nobody answers fails after a while, in words', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const asks = createAsks();
  const link = { via: 'websocket', send: () => true, renew: () => true, close: () => {} } as const;
  const answer = assert.rejects(asks.ask({ type: 'heads' }, link), /[a-z]{3}/);
  t.mock.timers.tick(15_000);
  await answer;
});
