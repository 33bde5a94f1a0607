import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { createOutlet } from '../src/gateway/outlet.ts';
import { watchReader } from '../src/gateway/watch-reader.ts';
import type { Visited } from '../src/gateway/wheel.ts';

/** A wheel that turns when it is told to. */
function wheelByHand() {
  let due: Visited | undefined;
  return {
    at(_time: number, visited: Visited): void {
      due = visited;
    },
    close: () => {},
    turn(now: number, late = false): void {
      const visited = due;
      due = undefined;
      if (visited?.visit(now, late) !== undefined) due = visited;
    },
    empty: () => due === undefined,
  };
}

test('promise 6: a reader that takes nothing for 20 s is ended; one that takes a little stays, and so does whoever a blocked loop kept from it', () => {
  const wheel = wheelByHand();
  const now = { holds: 600_000, next: 600_000 };
  let ended = 0;
  const outlet = { push() {}, flush() {}, waiting: () => now.holds, holds: () => now.holds, next: () => now.next };
  const wrote = watchReader(outlet, wheel, () => void ended++);
  wrote();
  const began = performance.now();
  for (let s = 5; s <= 300; s += 5) {
    now.next -= 100; // what waits is counted until the whole write is done
    wheel.turn(began + s * 1_000);
  }
  assert.equal(ended, 0, 'it reads');
  for (let s = 305; s <= 320; s += 5) wheel.turn(began + s * 1_000);
  wheel.turn(began + 340_000, true);
  assert.equal(ended, 0, 'nobody looked meanwhile');
  for (let s = 345; s <= 365; s += 5) wheel.turn(began + s * 1_000);
  assert.equal(ended, 1);
  assert.ok(wheel.empty());
});

test('whoever has read what waited is looked at no more, and again when much waits again', () => {
  const wheel = wheelByHand();
  const now = { holds: 600_000 };
  const outlet = { push() {}, flush() {}, waiting: () => 0, holds: () => now.holds, next: () => 0 };
  const wrote = watchReader(outlet, wheel, () => assert.fail('ended'));
  wrote();
  now.holds = 0;
  wheel.turn(performance.now() + 5_000);
  assert.ok(wheel.empty());
  wrote();
  assert.ok(wheel.empty(), 'little waits');
  now.holds = 600_000;
  wrote();
  assert.ok(!wheel.empty());
});

test('an outlet counts what it was given in this turn, and knows of every byte that the kernel takes of one write', async t => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  const accepted = once(server, 'connection');
  const reader = connect({ host: '127.0.0.1', port: typeof address === 'object' ? (address?.port ?? 0) : 0 }).pause();
  t.after(() => reader.destroy());
  const [stream]: Socket[] = await accepted;
  assert.ok(stream);
  t.after(() => stream.destroy());
  const outlet = createOutlet(stream);
  const size = 64 * 1024 * 1024; // more than the kernel takes
  outlet.push(Buffer.alloc(size));
  assert.deepEqual([outlet.holds(), outlet.waiting()], [size, 0]);
  outlet.flush();
  assert.deepEqual([outlet.holds(), outlet.waiting()], [size, size]);
  const before = outlet.next();
  assert.ok(before > 0);
  reader.on('data', () => {
    if (outlet.next() !== before) reader.pause();
  });
  reader.resume();
  while (outlet.next() === before) await new Promise(setImmediate);
  assert.deepEqual([outlet.holds(), outlet.waiting()], [size, size], 'its memory is held until all of it is taken');
});
