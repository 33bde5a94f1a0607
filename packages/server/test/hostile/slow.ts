import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { api, closes, type Id } from '@carpenter/protocol';
import { queueOf } from '../../src/gateway/outlet.ts';
import { account, group, type Line, type Person } from '../people.ts';
import { sent } from '../sent.ts';
import type { Used } from './apart.ts';
import { held, mb, scene, shown, untilUses, usedMost } from './attack.ts';
import { type End, frame, opcode, openRaw, type RawSocket, text } from './raw.ts';

/**
 * Readers that ask and do not read hold little, are ended with 4410 and gone soon. Half of them wake up once they are ended, and
 * find on the wire why.
 */
export async function deafReaders(t: TestContext, count: number): Promise<void> {
  const { server, ana, bystanders } = await scene(t);
  const eve = await account(server.url, 'eve');
  const room = await group(ana, [eve]);
  for (let i = 0; i < 16; i++) await sent(ana, room, 'x'.repeat(8_000));
  const before = await server.uses();
  const sync = text({ type: 'sync', conversationId: room, since: 0 });
  const deaf: RawSocket[] = [];
  for (let i = 0; i < count; i++) {
    const raw = await openRaw(t, server.port, eve.grant.accessToken);
    raw.socket.pause();
    raw.send(...Array.from({ length: 400 }, () => sync)); // some 50 MB of answers
    deaf.push(raw);
  }
  const sleepers = deaf.slice(0, Math.ceil(count / 2));
  for (const raw of sleepers) overfill(raw);
  const each = (used: Used) => (held(used) - held(before)) / count / 1e6;
  let peak = before;
  const flood = await bystanders.during(async () => {
    peak = await usedMost(server, held, sleep(5_000)); // while the kernel still takes pages, what each is made of counts, too
  });
  const during = await server.uses();
  for (const { closing, code, reason } of await Promise.all(sleepers.map(wakenByItsEnd))) {
    assert.deepEqual([code, reason], [closes.tooSlow.code, closes.tooSlow.words]);
    assert.deepEqual([closing?.code, closing?.message], [closes.tooSlow.code, closes.tooSlow.words], 'the word before');
  }
  // 20 to 25 s without a byte, and it waits 15 s for their answer to its close
  const gone = (used: Used) => used.sockets <= before.sockets && each(used) < 1;
  const after = await untilUses(server, gone, 50_000, 'what the deaf leave behind');
  for (const { socket } of deaf) socket.destroy();
  await bystanders.silent();
  t.diagnostic(
    `${count} deaf readers held ${each(peak).toFixed(1)} MB each at first, then ${each(during).toFixed(1)}, and in the end ${each(after).toFixed(1)}; ${shown(flood)}`,
  );
  assert.equal(server.ended(closes.tooSlow.words), count);
  assert.ok(each(peak) < 10, `${each(peak)} MB each`);
  assert.ok(each(during) < 2, `${each(during)} MB each wait for those who do not read`);
  assert.deepEqual(server.faults, []);
}

/** More than the kernels of both sides take: the server does not read from one whose answers wait. */
function overfill({ socket }: RawSocket): void {
  const more = frame(opcode.text, JSON.stringify({ type: 'ping', pad: 'x'.repeat(60_000) }));
  for (let i = 0; i < 150; i++) socket.write(more);
}

/** Reads again two of the 15 seconds after the server has ended it, which is when it begins to read what it was overfilled with. */
async function wakenByItsEnd({ socket, end }: RawSocket): Promise<End> {
  const stuck = queueOf(socket);
  const until = performance.now() + 100_000;
  while (queueOf(socket) === stuck && !socket.destroyed && performance.now() < until) await sleep(100);
  await sleep(2_000);
  socket.resume();
  return end();
}

/**
 * So many messages are written into a room with one reader who takes nothing and one who sips. What waits for those two is
 * bounded; the first is ended, the second stays, is told where the room stands, and finds all of it.
 */
export async function fullRoom(t: TestContext, messages: number): Promise<void> {
  const { server, ana, bystanders } = await scene(t);
  const named = (name: string) => account(server.url, name);
  const [dan, sid] = [await named('dan'), await named('sid')];
  const writers = [await named('wim'), await named('wil')];
  const room = await group(ana, [dan, sid, ...writers]);
  const dead = await openRaw(t, server.port, dan.grant.accessToken);
  dead.socket.pause();
  const slow = await openRaw(t, server.port, sid.grant.accessToken);
  const drink = sip(slow);
  const lines = await Promise.all(writers.map(writer => writer.connect(t)));
  const hands = lines.flatMap(line => [line, line, line, line]);
  const page = '😀'.repeat(8_000); // 32 kB
  const seqs: number[] = [];
  let begun = 0;
  const writeUntil = (count: number) =>
    Promise.all(
      hands.map(async writer => {
        while (begun < count) {
          begun++;
          seqs.push(await said(writer, room, page));
        }
      }),
    );
  await writeUntil(100); // so that all code has been run once
  const before = await server.uses();
  const began = performance.now();
  let peak = before;
  const flood = await bystanders.during(async () => {
    peak = await usedMost(server, held, writeUntil(messages));
  });
  const wroteMs = performance.now() - began;
  const ended = () => server.ended(closes.tooSlow.words);
  for (const until = performance.now() + 60_000; ended() === 0; await sleep(250)) {
    assert.ok(performance.now() < until, 'who takes nothing is not ended');
  }
  assert.equal(slow.socket.destroyed, false, 'who sips stays');
  await drink();
  const { told, all } = await caughtUp(sid, room, slow, Math.max(...seqs));
  await bystanders.silent();
  const more = (used: Used) => (held(used) - held(before)) / 1e6;
  const after = await untilUses(server, used => more(used) < 20, 30_000, 'what all of it leaves behind');
  t.diagnostic(
    `${mb(messages * Buffer.byteLength(page))} MB into a room in ${Math.round(wroteMs / 1_000)} s: ${more(peak).toFixed(1)} MB more at most, ${more(after).toFixed(1)} in the end; RSS ${mb(before.rss)} → ${mb(peak.rss)} → ${mb(after.rss)} MB; ${shown(flood)}`,
  );
  t.diagnostic(`who sipped heard ${told} of ${messages} as they came, and found the others by sync`);
  assert.deepEqual(all, inOrder(seqs), 'every message that was acknowledged');
  assert.ok(told < messages, 'something was left out');
  assert.ok(more(peak) < 30, `${more(peak)} MB more`);
  assert.equal(ended(), 1);
  assert.deepEqual(server.faults, []);
}

/** Sends it, again where a busy server names a wait. @returns its number */
async function said(writer: Line, conversationId: Id, text: string): Promise<number> {
  const message = { type: 'message.send', conversationId, clientId: randomUUID(), text } as const;
  for (;;) {
    const answer = await writer.ask(message);
    if (answer.type === 'ack') return answer.message.seq;
    assert.ok(answer.type === 'error' && answer.retryAfterMs !== undefined, JSON.stringify(answer));
    await sleep(answer.retryAfterMs);
  }
}

/** From now on it takes some 64 kB twice a second, and says that it lives. @returns lets it drink up */
function sip(raw: RawSocket): () => Promise<void> {
  let sipping = true;
  raw.socket.on('data', () => sipping && raw.socket.pause());
  const done = (async () => {
    while (sipping && !raw.socket.destroyed) {
      raw.socket.resume();
      raw.send(frame(opcode.pong));
      await sleep(500);
    }
  })();
  return async () => {
    sipping = false;
    raw.socket.resume();
    await done;
  };
}

/** Reads to the end and syncs. @returns how many messages came as events, and the numbers of all that it knows then */
async function caughtUp(reader: Person, room: Id, raw: RawSocket, lastSeq: number) {
  const ends = [`"seq":${lastSeq},`, `"lastSeq":${lastSeq}`];
  await raw.until(({ payload }) => ends.some(end => payload.includes(end)), 'where the room stands now');
  const events = raw.events();
  assert.ok(
    events.some(e => e.type === 'activity' && e.conversationId === room),
    'it is told that something was left out',
  );
  const told = events.flatMap(e => (e.type === 'message.created' && e.conversationId === room ? e.message : []));
  const seqs = told.map(({ seq }) => seq);
  const gap = seqs.findIndex((seq, i) => seq !== (seqs[0] ?? 0) + i);
  let since = told.at(gap < 0 ? -1 : gap - 1)?.rev ?? 0;
  for (let more = true; more; ) {
    const { body } = await reader.http('GET', `/conversations/${room}/changes?since=${since}&limit=8`);
    const page = api.changes.answers[200].parse(body);
    seqs.push(...page.messages.map(({ seq }) => seq));
    ({ rev: since, more } = page);
  }
  return { told: told.length, all: inOrder(new Set(seqs)) };
}

const inOrder = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);
