import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { retryAfterOf } from '@carpenter/protocol';
import type { Used } from './apart.ts';
import { held, mb, scene, shown, untilUses, usedMost } from './attack.ts';
import { addressFor, cut, type Entered, enter, enterMany, peopleFor } from './enter.ts';
import { frame, opcode } from './raw.ts';

interface Storm {
  readonly count: number;
  readonly withinMs: number;
  readonly tenthMax?: number;
}

/**
 * So many live connections that say nothing cost little each. All cut at once and all back at once, each gets in, or is sent
 * away with a wait and gets in then. Once they have gone nothing of them is left.
 * @param storm.tenthMax  the largest share that may come in within a tenth of the time, where there are enough to make a wave
 */
export async function crowd(t: TestContext, { count, withinMs, tenthMax = 1 }: Storm): Promise<void> {
  const { server, bystanders } = await scene(t);
  const people = await peopleFor(server.url, count);
  await cut(await enterMany(server.port, people, 100)); // so that all code has been run once
  const before = await server.uses();
  const entered = await enterMany(server.port, people, count);
  const during = await server.uses();
  assert.ok(during.sockets >= count, `${during.sockets} of ${count} are there`);
  const each = (held(during) - held(before)) / count;
  await cut(entered);

  const began = performance.now();
  const took: number[] = [];
  const back: Entered[] = [];
  const storm = await bystanders.during(() =>
    Promise.all(
      Array.from({ length: count }, async (_, i) => {
        back.push(await enter(server.port, people[i % people.length]?.grant.accessToken, addressFor(i)));
        took.push(performance.now() - began);
      }),
    ),
  );
  const ms = performance.now() - began;
  const waited = back.filter(({ sentAway }) => sentAway > 0).length;
  const tenths = Array.from({ length: 10 }, (_, i) => took.filter(one => Math.floor((one / ms) * 10) === i).length);
  const again = await server.uses();
  assert.ok(again.sockets >= count, `${again.sockets} of ${count} are back`);
  const talk = await bystanders.silent();
  await cut(back);
  // the wheel forgets one that has gone at its next turn, which is within a heartbeat
  const small = ({ heapUsed }: Used) => heapUsed - before.heapUsed < 5e6 + count * 1_000;
  const left = (used: Used) => used.sockets <= before.sockets && small(used);
  const after = await untilUses(server, left, 60_000, `those that left, after ${JSON.stringify(before)}`);
  t.diagnostic(`${count} silent sockets: ${(each / 1e3).toFixed(1)} kB each; ${shown(talk)}`);
  t.diagnostic(
    `back in ${Math.round(ms)} ms, ${waited} after a wait that was named; by tenths of the time: ${tenths.join(' ')}; ${shown(storm)}`,
  );
  const all = [...entered, ...back];
  t.diagnostic(unheardOf(all));
  t.diagnostic(`RSS ${mb(before.rss)} → ${mb(during.rss)} → ${mb(after.rss)} MB`);
  assert.ok(each < 20_000, `${each} bytes each`);
  assert.ok(ms < withinMs, `it took ${ms} ms`);
  assert.ok(Math.max(...tenths) <= count * tenthMax, `a wave: ${tenths.join(' ')}`);
  const heard = all.reduce((sum, { sentAway, unheard }) => sum + 1 + sentAway - unheard.length, 0);
  assert.equal(after.taken - before.taken, heard, 'all that the server took from the kernel have heard a word');
  assert.deepEqual(server.faults, []);
}

/** Ends without a word are the kernel's, of a server that does not keep up: it never saw those. */
const unheardOf = (all: readonly Pick<Entered, 'unheard'>[]): string => {
  const unheard = all.flatMap(one => one.unheard);
  return `${unheard.length} ended without a word${unheard.length > 0 ? `: ${[...new Set(unheard)].join(', ')}` : ''}`;
};

/** Strangers who say nothing cost little, are told why they go, after ten seconds, and leave nothing behind. */
export async function idleStrangers(t: TestContext, count: number): Promise<void> {
  const { server, bystanders } = await scene(t);
  const some = (n: number) => Array.from({ length: n }, (_, i) => enter(server.port, undefined, addressFor(i)));
  const { sockets } = await server.uses();
  await cut(await Promise.all(some(100))); // so that all code has been run once
  const before = await untilUses(server, used => used.sockets <= sockets, 20_000, 'sockets of the first');
  const ending = Promise.all(Array.from({ length: count }, (_, i) => stranger(server.port, addressFor(i))));
  let most = before;
  const flood = await bystanders.during(async () => {
    most = await usedMost(server, used => used.sockets, ending);
  });
  const ends = await ending;
  const words = 'No token came within 10 s.';
  for (const { heard } of ends) {
    assert.ok(heard.includes(`"type":"closing","code":4401,"message":"${words}"`), heard);
    assert.ok(heard.endsWith(words), 'the reason of the close frame');
  }
  const after = await untilUses(server, used => used.sockets <= before.sockets, 20_000, 'sockets of strangers');
  const waited = ends.filter(({ sentAway }) => sentAway > 0).length;
  const there = most.sockets - before.sockets;
  const each = (held(most) - held(before)) / there;
  await bystanders.silent();
  t.diagnostic(
    `${count} strangers, ${there} at once: ${(each / 1e3).toFixed(1)} kB each; RSS ${mb(before.rss)} → ${mb(most.rss)} → ${mb(after.rss)} MB; ${shown(flood)}`,
  );
  t.diagnostic(`${waited} of them after a wait that was named; ${unheardOf(ends)}`);
  assert.ok(there > count / 4, `${there} of ${count} were there at once`);
  assert.ok(each < 8_192 + 2e6 / count, `${each} bytes each`);
  assert.ok(after.heapUsed - before.heapUsed < 5e6, `${mb(before.heapUsed)} → ${mb(after.heapUsed)} MB`);
  assert.ok(after.rss - before.rss < 40e6, `RSS ${mb(before.rss)} → ${mb(after.rss)} MB`);
  assert.deepEqual(server.faults, []);
}

interface Stranger extends Pick<Entered, 'sentAway' | 'unheard'> {
  /** All of it, to the end. */
  readonly heard: string;
}

/** Says nothing, and answers a close as every client does; comes back where a busy node names a wait. */
async function stranger(port: number, from: string, sentAway = 0, unheard: readonly string[] = []): Promise<Stranger> {
  const entered = await enter(port, undefined, from, sentAway, unheard);
  const { socket } = entered;
  let { heard } = entered;
  const look = (chunk = '') => {
    heard += chunk;
    if (heard.includes('\x88') && socket.writable) socket.end(frame(opcode.close, Buffer.from([0x11, 0x31])));
  };
  socket.setEncoding('latin1').on('data', look);
  look(); // a busy node says all it has to say at once
  if (!socket.destroyed) await once(socket, 'close');
  const waitMs = retryAfterOf(heard);
  if (waitMs === undefined) return { ...entered, heard };
  await new Promise(resolve => setTimeout(resolve, waitMs));
  return stranger(port, from, entered.sentAway + 1, entered.unheard);
}

/** So many connections come and go, each in one of the ways there are: nothing of them stays. */
export async function comingsAndGoings(t: TestContext, count: number): Promise<void> {
  const { server, bystanders } = await scene(t);
  const people = await peopleFor(server.url, 200);
  const { sockets } = await server.uses();
  const uses: Used[] = [];
  let next = 0;
  const come = async () => {
    for (let i = next++; i < count; i = next++) {
      const known = i % 7 === 0; // in each of the ways to go
      const { socket } = await enter(
        server.port,
        known ? people[i % people.length]?.grant.accessToken : undefined,
        addressFor(i),
      );
      const gone = once(socket, 'close');
      if (i % 2 === 0) socket.end(frame(opcode.close, Buffer.from([3, 0xe8])));
      else if (i % 5 === 0) socket.end(Buffer.from([0x81]));
      else socket.destroy();
      await gone;
      if ((i + 1) % Math.ceil(count / 6) === 0) uses.push(await server.uses());
    }
  };
  const began = performance.now();
  const flood = await bystanders.during(() => Promise.all(Array.from({ length: 30 }, come)));
  const perSecond = count / ((performance.now() - began) / 1_000);
  const warm = uses[1];
  assert.ok(warm);
  await bystanders.silent();
  const perGoing = (used: Used) => (held(used) - held(warm)) / ((count * 2) / 3);
  const left = (used: Used) => used.sockets <= sockets && perGoing(used) < 50 + 4e6 / count;
  const last = await untilUses(server, left, 60_000, `what those that left hold, after ${JSON.stringify(warm)}`); // the wheel turns
  const each = perGoing(last);
  t.diagnostic(
    `${count} comings and goings, ${Math.round(perSecond)} a second: heap ${[...uses, last].map(used => (used.heapUsed / 1e6).toFixed(1)).join(', ')} MB, ${each.toFixed(0)} bytes each; RSS ${mb(warm.rss)} → ${mb(last.rss)} MB, timers ${warm.timers} → ${last.timers}; ${shown(flood)}`,
  );
  assert.ok(last.timers <= warm.timers + people.length + 10, `${warm.timers} → ${last.timers} timers`);
  const mayGrow = 80e6 + 1e11 / count; // a third of few has not warmed it up yet; the heap alone is exact: of many it was 25 and 60 MB
  assert.ok(last.rss - warm.rss < mayGrow, `RSS ${mb(warm.rss)} → ${mb(last.rss)} MB`);
  assert.deepEqual(server.faults, []);
}
