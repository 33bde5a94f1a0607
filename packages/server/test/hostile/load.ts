import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { closes, retryAfterOf } from '@carpenter/protocol';
import { defaults } from '../../src/config.ts';
import { account, direct, group } from '../people.ts';
import { sent } from '../sent.ts';
import { type Apart, houseApart, type Used } from './apart.ts';
import { talking } from './bystanders.ts';
import { addressFor, cut, type Entered, enter, enterMany, peopleFor } from './enter.ts';
import { frame, opcode, openRaw } from './raw.ts';

const fast = {
  rates: { ...defaults.rates, framesPerMinute: 1e7, bytesPerMinute: 1e10, requestsPerMinute: 1e7 },
  accessTokenSeconds: 86_400, // a hundred thousand take longer than a token lasts
};
const mb = (bytes: number): number => Math.round(bytes / 1e6);

async function withTalk(t: TestContext) {
  const server = await houseApart(t, fast);
  const [ana, ben] = [await account(server.url, 'ana'), await account(server.url, 'ben')];
  const bystanders = await talking(t, ana, ben, await direct(ana, ben));
  return { server, ana, ben, bystanders };
}

/** Waits until the server uses so little. @returns what it uses then */
async function untilUses(
  server: Apart,
  enough: (used: Used) => boolean,
  withinMs: number,
  what: string,
): Promise<Used> {
  const until = performance.now() + withinMs;
  for (;;) {
    const used = await server.uses();
    if (enough(used)) return used;
    assert.ok(performance.now() < until, `${what}, after ${withinMs / 1_000} s: ${JSON.stringify(used)}`);
    await new Promise(resolve => setTimeout(resolve, 250));
  }
}

/**
 * So many live connections that say nothing cost little each. All cut at once and all back at once, each gets in, or is sent
 * away with a wait and gets in then. Once they have gone nothing of them is left.
 */
export async function crowd(t: TestContext, count: number, withinMs: number): Promise<void> {
  const { server, bystanders } = await withTalk(t);
  const people = await peopleFor(server.url, count);
  await cut(await enterMany(server.port, people, 100)); // so that all code has been run once
  const before = await server.uses();
  const entered = await enterMany(server.port, people, count);
  const during = await server.uses();
  assert.ok(during.sockets >= count, `${during.sockets} of ${count} are there`);
  const each = (during.heapUsed + during.external - before.heapUsed - before.external) / count;
  await cut(entered);

  const began = performance.now();
  const took: number[] = [];
  const back = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const one = await enter(server.port, people[i % people.length]?.grant.accessToken, addressFor(i));
      took.push(performance.now() - began);
      return one;
    }),
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
  t.diagnostic(`${count} silent sockets: ${(each / 1e3).toFixed(1)} kB of heap each; ${shown(talk)}`);
  t.diagnostic(
    `back in ${Math.round(ms)} ms, ${waited} after a wait that was named; by tenths of the time: ${tenths.join(' ')}`,
  );
  const all = [...entered, ...back];
  t.diagnostic(unheardOf(all));
  t.diagnostic(`RSS ${mb(before.rss)} → ${mb(during.rss)} → ${mb(after.rss)} MB`);
  assert.ok(each < 60_000, `${each} bytes of heap each`);
  assert.ok(ms < withinMs, `it took ${ms} ms`);
  const heard = all.reduce((sum, { sentAway, unheard }) => sum + 1 + sentAway - unheard.length, 0);
  assert.equal(after.taken - before.taken, heard, 'all that the server took from the kernel have heard a word');
  assert.deepEqual(server.faults, []);
}

/** Ends without a word are the kernel's, of a server that does not keep up: it never saw those. */
const unheardOf = (all: readonly Pick<Entered, 'unheard'>[]): string => {
  const unheard = all.flatMap(one => one.unheard);
  return `${unheard.length} ended without a word${unheard.length > 0 ? `: ${[...new Set(unheard)].join(', ')}` : ''}`;
};

const shown = ({ messages, medianMs, maxMs }: { messages: number; medianMs: number; maxMs: number }): string =>
  `beside them ${messages} messages, median ${Math.round(medianMs)} ms, slowest ${Math.round(maxMs)} ms`;

/** Readers that ask and do not read hold little, are ended with 4410 and gone soon. */
export async function deafReaders(t: TestContext, count: number): Promise<void> {
  const { server, ana, bystanders } = await withTalk(t);
  const eve = await account(server.url, 'eve');
  const room = await group(ana, [eve]);
  for (let i = 0; i < 16; i++) await sent(ana, room, 'x'.repeat(8_000));
  const before = await server.uses();
  const sync = frame(opcode.text, JSON.stringify({ type: 'sync', conversationId: room, since: 0 }));
  const deaf = [];
  for (let i = 0; i < count; i++) {
    const raw = await openRaw(t, server.port, eve.grant.accessToken);
    raw.socket.pause();
    raw.send(...Array.from({ length: 400 }, () => sync)); // some 50 MB of answers
    deaf.push(raw);
  }
  const peak = await peakOf(server, 5_000); // while the kernel still takes pages, what each is made of counts, too
  const during = await server.uses();
  const held = ({ external, heapUsed }: Used) =>
    (external + heapUsed - before.external - before.heapUsed) / count / 1e6;
  // 20 to 25 s without a byte, and it waits 15 s for their answer to its close
  const gone = (used: Used) => used.sockets <= before.sockets && held(used) < 1;
  const after = await untilUses(server, gone, 50_000, 'what the deaf leave behind');
  for (const { socket } of deaf) socket.destroy();
  const talk = await bystanders.silent();
  t.diagnostic(
    `${count} deaf readers held ${held(peak).toFixed(1)} MB each at first, then ${held(during).toFixed(1)}, and in the end ${held(after).toFixed(1)}; ${shown(talk)}`,
  );
  assert.equal(server.ended(closes.tooSlow.words), count);
  assert.ok(held(peak) < 10, `${held(peak)} MB each`);
  assert.ok(held(during) < 2, `${held(during)} MB each wait for those who do not read`);
  assert.deepEqual(server.faults, []);
}

async function peakOf(server: Apart, forMs: number): Promise<Used> {
  let peak = await server.uses();
  for (const until = performance.now() + forMs; performance.now() < until; ) {
    const used = await server.uses();
    if (used.external + used.heapUsed > peak.external + peak.heapUsed) peak = used;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return peak;
}

/** Strangers who say nothing are told why they go, after ten seconds, and leave nothing behind. */
export async function idleStrangers(t: TestContext, count: number): Promise<void> {
  const { server, bystanders } = await withTalk(t);
  const before = await server.uses();
  const ends = await Promise.all(Array.from({ length: count }, (_, i) => stranger(server.port, addressFor(i))));
  const words = 'No token came within 10 s.';
  for (const { heard } of ends) {
    assert.ok(heard.includes(`"type":"closing","code":4401,"message":"${words}"`), heard);
    assert.ok(heard.endsWith(words), 'the reason of the close frame');
  }
  const after = await untilUses(server, used => used.sockets <= before.sockets, 20_000, 'sockets of strangers');
  const waited = ends.filter(({ sentAway }) => sentAway > 0).length;
  t.diagnostic(`${count} strangers: RSS ${mb(before.rss)} → ${mb(after.rss)} MB; ${shown(await bystanders.silent())}`);
  t.diagnostic(`${waited} of them after a wait that was named; ${unheardOf(ends)}`);
  assert.ok(after.heapUsed - before.heapUsed < 5e6, `${mb(before.heapUsed)} → ${mb(after.heapUsed)} MB`);
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
  const server = await houseApart(t, fast);
  const people = await peopleFor(server.url, 200);
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
  await Promise.all(Array.from({ length: 30 }, come));
  const warm = uses[1];
  assert.ok(warm);
  const perGoing = (used: Used) => (used.heapUsed + used.external - warm.heapUsed - warm.external) / ((count * 2) / 3);
  const left = (used: Used) => used.sockets <= 4 && perGoing(used) < 50 + 4e6 / count;
  const last = await untilUses(server, left, 60_000, `what those that left hold, after ${JSON.stringify(warm)}`); // the wheel turns
  const each = perGoing(last);
  t.diagnostic(
    `${count} comings and goings: heap ${[...uses, last].map(used => (used.heapUsed / 1e6).toFixed(1)).join(', ')} MB, ${each.toFixed(0)} bytes each; RSS ${mb(warm.rss)} → ${mb(last.rss)} MB, timers ${warm.timers} → ${last.timers}`,
  );
  assert.ok(last.timers <= warm.timers + people.length + 10, `${warm.timers} → ${last.timers} timers`);
  assert.deepEqual(server.faults, []);
}
