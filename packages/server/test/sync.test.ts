import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { type Changes, changes as changesShape, heads as headsShape } from '@carpenter/protocol';
import fc from 'fast-check';
import type pg from 'pg';
import type { Chat } from '../src/chat/chat.ts';
import { readChanges } from '../src/chat/sync.ts';
import { defaults } from '../src/config.ts';
import { openStore } from '../src/store/store.ts';
import { house, log } from './house.ts';
import { account, direct, group, type Line, type Person } from './people.ts';
import { sent } from './sent.ts';

const send = async (line: Line, conversationId: string, text: string) => {
  const answer = await line.ask({ type: 'message.send', conversationId, clientId: randomUUID(), text });
  return answer.type === 'ack' ? answer.message : assert.fail(JSON.stringify(answer));
};
const changesSince = async (person: Person, room: string, since: number, limit = 200): Promise<Changes> =>
  changesShape.parse((await person.http('GET', `/conversations/${room}/changes?since=${since}&limit=${limit}`)).body);
const headOf = async (person: Person, room: string) => {
  const { heads } = headsShape.parse((await person.http('GET', '/heads')).body);
  return heads.find(head => head.conversationId === room) ?? assert.fail('no head');
};

test('promise 4: whoever was away gets each changed message once, as it is now, page by page', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const a = await ana.connect(t);
  for (let n = 1; n <= 10; n++) await send(a, room, `m${n}`);
  const { rev: since } = await changesSince(ben, room, 0);
  for (const text of ['a', 'b', 'c']) await a.ask({ type: 'message.edit', conversationId: room, seq: 2, text });
  await a.ask({ type: 'message.delete', conversationId: room, seq: 5 });
  await send(a, room, 'm11');
  const first = await changesSince(ben, room, since, 2);
  assert.deepEqual(
    first.messages.map(m => [m.seq, m.text]),
    [
      [2, 'c'],
      [5, ''],
    ],
  );
  assert.equal(first.more, true);
  const rest = await changesSince(ben, room, first.rev, 2);
  assert.deepEqual(
    rest.messages.map(m => [m.seq, m.text]),
    [[11, 'm11']],
  );
  assert.deepEqual([rest.more, rest.rev], [false, since + 5]);
  assert.deepEqual((await changesSince(ben, room, rest.rev)).messages, []);
  assert.equal(rest.conversation, undefined, 'the conversation itself did not change');
  const { body } = await ana.http('GET', `/conversations/${room}/changes?since=-1`);
  assert.equal(body.code, 'input.invalid');
});

test('promise 4: what changes while a page is read does not hide what changed beside it', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await group(ana, [ben]);
  for (const text of ['1', '2']) await sent(ana, room, text);
  const store = await openStore(databaseUrl, log, { smallRoom: 1, marked: () => {}, settled: async () => {} });
  const before = await headOf(ana, room);
  async function meanwhile(): Promise<void> {
    await ana.http('PATCH', `/conversations/${room}`, { name: 'another name' });
    for (const text of ['3', '4']) await sent(ana, room, text);
  }
  let asked = 0;
  const db = new Proxy(store.db, {
    get: (target, key) =>
      key === 'query'
        ? async (question: pg.QueryConfig) => {
            if (asked++ === 1) await meanwhile();
            return target.query(question);
          }
        : Reflect.get(target, key, target),
  });
  const chat: Pick<Chat, 'store' | 'limits'> = { store: { ...store, db }, limits: defaults.limits };
  try {
    const actor = { userId: ben.id, username: 'ben', sessionId: randomUUID() };
    const { rev, messages, more } = await readChanges(chat, actor, room, 0, 4);
    assert.deepEqual([rev, more], [before.rev, false], 'up to where the conversation is in it');
    assert.deepEqual(
      messages.map(m => m.text),
      ['', '1', '2'],
    );
    assert.ok(asked > 1, 'something was read meanwhile');
  } finally {
    await store.close();
  }
});

test('too far behind, or above the head after a restore: the newest page, marked reset', async t => {
  const { url } = await house(t, { limits: { ...defaults.limits, syncGap: 20, syncPage: 10 } });
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const a = await ana.connect(t);
  for (let n = 1; n <= 30; n++) await send(a, room, `m${n}`);
  for (const since of [0, 1_000]) {
    const { reset, messages, more, rev } = await changesSince(ben, room, since);
    assert.deepEqual([reset, more, rev], [true, false, 31]);
    assert.deepEqual(
      messages.map(m => m.seq),
      Array.from({ length: 10 }, (_, i) => 21 + i),
    );
  }
  assert.equal((await changesSince(ben, room, 25)).reset, undefined);
});

test('heads name every conversation of mine, and since a time only those that changed', async t => {
  const { url } = await house(t);
  const [ana, ben, cem] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'cem')];
  const [one, other] = [await direct(ana, ben), await direct(ana, cem)];
  const a = await ana.connect(t);
  const all = await a.ask({ type: 'heads' });
  assert.ok(all.type === 'heads');
  assert.deepEqual(all.heads.map(h => h.conversationId).sort(), [one, other].sort());
  const b = await ben.connect(t);
  await send(b, one, 'hello');
  const head = await headOf(ana, one);
  assert.deepEqual([head.lastSeq, head.rev, head.unread], [1, 2, 1]);
  const future = new Date(Date.now() + 60_000).toISOString();
  const none = await a.ask({ type: 'heads', at: future });
  assert.ok(none.type === 'heads' && none.heads.length === 0);
});

test('receipts only grow, never pass the last message, reach the other and my own devices; wrong ones are refused', async t => {
  const { url } = await house(t);
  const [ana, ben, eve] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'eve')];
  const room = await direct(ana, ben);
  const [a, b, tablet] = [await ana.connect(t), await ben.connect(t), await ben.connect(t)];
  for (const text of ['1', '2', '3']) await send(a, room, text);
  b.say({ type: 'receipt.delivered', conversationId: room, seq: 2 });
  const delivered = await a.next('receipt', e => e.userId === ben.id);
  assert.deepEqual([delivered.deliveredSeq, delivered.readSeq], [2, 0]);
  b.say({ type: 'receipt.read', conversationId: room, seq: 1_000_000 });
  const read = await a.next('receipt', e => e.userId === ben.id);
  assert.deepEqual([read.deliveredSeq, read.readSeq], [3, 3], 'clamped to the last message');
  await tablet.next('receipt', e => e.readSeq === 3);
  assert.equal((await ben.http('PUT', `/conversations/${room}/read`, { seq: 1 })).status, 204);
  assert.equal((await headOf(ben, room)).readSeq, 3, 'an older one changes nothing');
  const heard = tablet.heard.flatMap(e => (e.type === 'receipt' && e.userId === ben.id ? [e.readSeq] : []));
  assert.deepEqual(
    heard,
    heard.toSorted((x, y) => x - y),
  );
  for (const seq of [0, -1, 1.5, '2', null]) {
    const { body } = await ben.http('PUT', `/conversations/${room}/read`, { seq });
    assert.equal(body.code, 'input.invalid');
  }
  const stranger = await eve.http('PUT', `/conversations/${room}/read`, { seq: 1 });
  assert.deepEqual([stranger.status, stranger.body.code], [404, 'conversation.unknown']);
});

test('promise 4: unread and mentions equal their definition after any history of sends, edits, deletions, reads and marks', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const [a, b] = [await ana.connect(t), await ben.connect(t)];
  const rows: { by: 'ana' | 'ben'; means: boolean; deleted: boolean }[] = [];
  const mark = { read: 0, from: undefined as number | undefined };
  const texts = fc.constantFrom('x', '@ben, look', 'all of it: @all', '`@ben` in code', '@benno');
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ act: fc.constant('ana writes' as const), text: texts }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('ben writes' as const) }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('ana edits' as const), share, text: texts }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('ana deletes' as const), share }) },
    {
      weight: 2,
      arbitrary: fc.record({ act: fc.constantFrom('ben reads' as const, 'ben marks unread' as const), share }),
    },
  );
  const means = (text: string) => text.startsWith('@ben,') || text.includes('@all');
  type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
  const one = async (s: Step) => {
    if (s.act === 'ana writes') {
      await send(a, room, s.text);
      rows.push({ by: 'ana', means: means(s.text), deleted: false });
      return;
    }
    if (s.act === 'ben writes') {
      await send(b, room, 'y');
      rows.push({ by: 'ben', means: false, deleted: false });
      mark.read = rows.length; // whoever writes has read
      mark.from = undefined;
      return;
    }
    const seq = Math.max(1, Math.ceil(s.share * rows.length));
    const row = rows[seq - 1];
    if (!row) return;
    if (s.act === 'ana edits' && row.by === 'ana' && !row.deleted) {
      await a.ask({ type: 'message.edit', conversationId: room, seq, text: s.text });
      row.means = means(s.text);
    } else if (s.act === 'ana deletes' && row.by === 'ana') {
      await a.ask({ type: 'message.delete', conversationId: room, seq });
      row.deleted = true;
    } else if (s.act === 'ben reads') {
      assert.equal((await ben.http('PUT', `/conversations/${room}/read`, { seq })).status, 204);
      mark.read = Math.max(mark.read, seq);
      if (mark.from !== undefined && seq >= mark.from) mark.from = undefined;
    } else if (s.act === 'ben marks unread') {
      assert.equal((await ben.http('PUT', `/conversations/${room}/unread`, { seq })).status, 204);
      mark.from = seq;
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async steps => {
      for (const s of steps) await one(s);
      const behind = rows.slice(mark.from === undefined ? mark.read : mark.from - 1);
      const unread = behind.filter(row => row.by === 'ana' && !row.deleted);
      const head = await headOf(ben, room);
      assert.deepEqual(
        [head.unread, head.mentions],
        [Math.min(unread.length, 100), Math.min(unread.filter(row => row.means).length, 100)],
      );
    }),
    { numRuns: 12, endOnFailure: true }, // steps pile up in one room: a run is a longer history
  );
});

test('unread counting stops at 100, however many there are', async t => {
  const { url } = await house(t, {
    rates: { ...defaults.rates, framesPerMinute: 10_000, registrationsPerHourPerAddress: 100 },
  });
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const a = await ana.connect(t);
  await Promise.all(Array.from({ length: 130 }, (_, i) => send(a, room, `m${i}`)));
  assert.equal((await headOf(ben, room)).unread, 100);
});
