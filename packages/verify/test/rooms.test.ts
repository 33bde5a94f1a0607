import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { type TestContext } from 'node:test';
import { type Changes, type Command, defaultLimits, type Event, type Message } from '@carpenter/protocol';
import type { Outcome } from '../src/clients/line.ts';
import type { Note } from '../src/clients/person.ts';
import { createRooms } from '../src/clients/rooms.ts';
import { rowOf } from '../src/history.ts';

const conv = randomUUID();
const user = randomUUID();
/** Whoever has nothing asks so. */
const fromTheEnd = Number.MAX_SAFE_INTEGER;
const message = (seq: number, rev = seq): Message => ({
  id: `00000000-0000-7000-8000-${String(seq).padStart(12, '0')}`,
  clientId: randomUUID(),
  conversationId: conv,
  seq,
  rev,
  sender: user,
  type: 'text',
  text: `${seq}`,
  createdAt: '2026-11-30T07:00:00.000Z',
});
const created = (seq: number, rev = seq): Event => ({
  type: 'message.created',
  conversationId: conv,
  rev,
  message: message(seq, rev),
});
const mine = { role: 'member', readSeq: 0, deliveredSeq: 0, unread: 0, mentions: 0 } as const;
const changes = (rev: number, messages: Message[], more = false, epoch = 'a'): Changes => ({
  conversationId: conv,
  epoch,
  rev,
  lastSeq: rev,
  messages,
  more,
  mine,
});

/** A sync is never refused like that. */
type Refusal = 'input.invalid';

/** Rooms of somebody whose server says what a test wants, and what they wrote down. */
function rooms(t: TestContext) {
  const over = new AbortController();
  t.after(() => over.abort());
  const noted: Parameters<Note>[0][] = [];
  const asked: { command: Command; answer: (answer: Changes | Refusal) => Promise<void> }[] = [];
  let asks = () => {};
  const ask = (command: Command) =>
    new Promise<Outcome>(resolve => {
      const answer = async (said: Changes | Refusal) => {
        const event: Event =
          typeof said === 'string' ? { type: 'error', code: said, message: 'No.' } : { type: 'changes', ...said };
        resolve({ event });
        await new Promise(setImmediate);
      };
      asked.push({ command, answer });
      asks();
    });
  const held = createRooms({
    record: { now: () => 0, write: () => {}, close: async () => {} },
    mayBeIn: () => true,
    failed: assert.ifError,
    signal: over.signal,
    user,
    note: entry => void noted.push(entry),
    ask,
    isOnline: () => true,
  });
  const hear = (event: Event) =>
    held.hear(
      'message' in event && typeof event.message !== 'string' ? { event, row: rowOf(event.message) } : { event },
    );
  const added = (rev: number): Event => ({
    type: 'conversation.added',
    conversationId: conv,
    rev,
    users: [],
    state: stateAt(rev),
  });
  return {
    held,
    hear,
    added,
    /** The next question, which must be about what changed. */
    async answer(since: number, answer: Changes | Refusal) {
      const next = asked.shift();
      assert.ok(next?.command.type === 'sync', 'nothing was asked');
      assert.equal(next.command.since, since);
      await next.answer(answer);
    },
    told: () =>
      noted.splice(0).map(e => {
        if (e.f === 'deliver') return `deliver ${e.rev}`;
        if (e.f === 'gap') return `gap ${e.have} ${e.rev}`;
        if (e.f === 'sync')
          return `sync ${e.since} ${e.rev}: ${e.rows.map(row => row.rev).join(' ')}${e.reset ? ' reset' : ''}`;
        if (e.f === 'outside') return `outside ${e.what}: ${e.words}`;
        return e.f === 'heard' ? `heard ${e.type} ${e.rev}` : e.f;
      }),
    isAsking: () => asked.length > 0,
    /** Until something is asked. */
    asks: async () => {
      if (asked.length === 0) await new Promise<void>(resolve => (asks = resolve));
    },
  };
}
const stateAt = (rev: number) => ({
  conversation: {
    id: conv,
    type: 'group' as const,
    memberCount: 2,
    createdBy: user,
    createdAt: '2026-11-30T07:00:00.000Z',
  },
  lastSeq: rev,
  rev,
  mine,
});

test('the next change is taken in, a repeat is not, and a gap is asked about', async t => {
  const { hear, added, answer, told } = rooms(t);
  hear(added(2));
  await answer(fromTheEnd, changes(2, [message(1), message(2)]));
  for (const seq of [3, 3, 2, 4]) hear(created(seq));
  assert.deepEqual(told(), ['watch', 'sync 0 2: 1 2', 'deliver 3', 'deliver 4']);
  hear(created(7));
  hear(created(8));
  await answer(4, changes(7, [message(5), message(6), message(7)]));
  assert.deepEqual(told(), ['gap 4 7', 'sync 4 7: 5 6 7', 'deliver 8']);
});

test('no event is taken in between two pages, and a message of both stands as it is in the later', async t => {
  const { held, hear, added, answer, told } = rooms(t);
  hear(added(4));
  await answer(fromTheEnd, changes(2, [message(1), message(2)], true));
  hear(created(5, 6));
  await answer(2, changes(5, [message(3), message(4), message(1, 5)]));
  assert.deepEqual(told(), ['watch', 'sync 0 5: 5 2 3 4', 'deliver 6']);
  assert.equal(held.get(conv)?.rows.get(1)?.rev, 5);
});

test('a sync that is answered with something else is written down, and asked again', async t => {
  const { hear, added, answer, told, asks } = rooms(t);
  hear(added(1));
  await answer(fromTheEnd, 'input.invalid');
  assert.deepEqual(told(), ['watch', 'outside answer: A sync was answered with input.invalid.']);
  await asks();
  await answer(fromTheEnd, changes(1, [message(1)]));
  assert.deepEqual(told(), ['sync 0 1: 1']);
});

test('whoever is taken out forgets the conversation, and writes down what they hear of it all the same', async t => {
  const { held, hear, added, answer, told, isAsking } = rooms(t);
  hear(added(1));
  await answer(fromTheEnd, changes(1, [message(1)]));
  hear({ type: 'conversation.removed', conversationId: conv, rev: 2 });
  hear(created(2, 3));
  assert.deepEqual(told(), ['watch', 'sync 0 1: 1', 'heard message.created 3']);
  assert.equal(held.get(conv), undefined);
  assert.ok(!isAsking());
});

test('in another epoch everything is read again', async t => {
  const { hear, added, answer, told, held } = rooms(t);
  const ready = (epoch: string, rev: number) => held.ready(readyIn(epoch, rev));
  ready('a', 1);
  await answer(fromTheEnd, changes(1, [message(1)]));
  hear(created(2));
  ready('b', 1);
  await answer(fromTheEnd, changes(1, [message(1)], false, 'b'));
  hear(added(1));
  assert.deepEqual(told(), ['watch', 'sync 0 1: 1', 'deliver 2', 'watch', 'sync 0 1: 1']);
});

const readyIn = (epoch: string, rev: number) => ({
  type: 'ready' as const,
  sessionId: randomUUID(),
  epoch,
  version: '0',
  user: {
    id: user,
    username: 'anna',
    displayName: 'Anna',
    createdAt: '2026-11-30T07:00:00.000Z',
    role: 'member' as const,
    preferences: {},
  },
  serverTime: '2026-11-30T07:00:00.000Z',
  expiresAt: '2026-11-30T08:00:00.000Z',
  heartbeatMs: 25_000,
  limits: defaultLimits,
  conversations: [stateAt(rev)],
  users: [],
  presence: [],
});
