import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Id, Message } from '@carpenter/protocol';
import { defaults } from '../src/config.ts';
import { houseApart } from './hostile/apart.ts';
import { durable } from './house.ts';
import { allRefused, awayForAll, deliver, history, readiness, sound } from './outage.ts';
import { account, direct, type Line } from './people.ts';
import { freeze, processesOf, signal } from './postmaster.ts';

const linux = { skip: process.platform !== 'linux' && 'NOT RUN: processes are found by /proc' };
const rates = { ...defaults.rates, framesPerMinute: 100_000, bytesPerMinute: 1_000_000_000 };

/** A server in a process of its own, on a PostgreSQL that nobody else uses, with two people who talk. */
async function talking(t: TestContext) {
  const server = await houseApart(t, { rates }, durable);
  const [ana, ben] = [await account(server.url, 'ana'), await account(server.url, 'ben')];
  const room = await direct(ana, ben);
  return { server, ana, ben, room, hers: await ana.connect(t), his: await ben.connect(t) };
}

const stay = ({ ws }: Line) => assert.equal(ws.readyState, ws.OPEN, 'nobody was ended');
const newIds = (count: number): Id[] => Array.from({ length: count }, () => randomUUID());
const long = 'ж'.repeat(8_000); // 16 kB in memory

test(
  'promise 1: while the database is frozen for half a minute nothing is acknowledged, and everybody hears why; then all goes on',
  linux,
  async t => {
    const { server, ana, ben, room, hers, his } = await talking(t);
    const earlier = newIds(60);
    await Promise.all(earlier.map(id => deliver(hers, room, id, long))); // so that all code has been run once
    const before = await server.uses();
    const refused: Id[] = [];
    let heapUsed = 0;
    const thaw = freeze(await processesOf(server.databaseUrl));
    const waves = async () => {
      for (const until = performance.now() + 30_000; performance.now() < until || refused.length < 480; ) {
        const wave = newIds(60);
        await allRefused(hers, room, wave, long);
        refused.push(...wave);
        heapUsed = Math.max(heapUsed, (await server.uses()).heapUsed);
      }
    };
    try {
      await Promise.all([waves(), awayForAll(ben, room)]);
    } finally {
      thaw();
    }
    const more = heapUsed - before.heapUsed;
    t.diagnostic(`${refused.length} messages of 16 kB refused, ${(more / 1e6).toFixed(1)} MB more heap at most`);
    assert.ok(more < 4e6, `${more} bytes more: what was refused is forgotten`);

    const thawed = performance.now();
    const acked: Message[] = [];
    for (let i = 0; i < refused.length; i += 50) {
      acked.push(...(await Promise.all(refused.slice(i, i + 50).map(id => deliver(hers, room, id, long)))));
      if (i === 0) assert.ok(performance.now() - thawed < 10_000, `back after ${performance.now() - thawed} ms`);
    }
    assert.match(JSON.stringify(await readiness(server.url)), /"state":"ready"/);
    for (const line of [hers, his]) stay(line);
    const stored = await history(ana, room);
    sound(stored, acked);
    assert.equal(stored.length, earlier.length + refused.length);
    assert.deepEqual(server.faults, []);
  },
);

test('promise 1: a database that is killed comes back with all that was acknowledged, each once', linux, async t => {
  const { server, ana, room, hers, his } = await talking(t);
  const [postmaster = 0] = await processesOf(server.databaseUrl);
  const acked: Message[] = [];
  const talk = async (from: Line) => {
    for (let i = 0; i < 60; i++) acked.push(await deliver(from, room, randomUUID()));
  };
  const talks = [talk(hers), talk(his)];
  while (acked.length < 20) await pause(10);
  signal([postmaster], 'SIGKILL');
  await Promise.all(talks);
  const stored = await history(ana, room);
  sound(stored, acked);
  assert.equal(stored.length, 120);
  const durability = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', synchronous_standby_names: '' };
  assert.deepEqual(await readiness(server.url), { ready: true, state: 'ready', database: 'up', durability });
  for (const line of [hers, his]) stay(line);
  assert.deepEqual(server.faults, []);
});
