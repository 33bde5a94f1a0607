import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Timeline, TimelineMessage } from '@carpenter/client';
import type { Message } from '@carpenter/protocol';
import { itemsOf, reuse } from '../src/conversation/items.ts';
import { halfInView, look } from '../src/conversation/seen.ts';

const [me, ana, ben] = ['me', 'ana', 'ben'];
const at = (hour: number, minute: number) => new Date(2026, 10, 24, hour, minute).toISOString();
const stored = (seq: number, sender: string, createdAt: string, more: Partial<Message> = {}): TimelineMessage => ({
  kind: 'stored',
  key: `m${seq}`,
  message: {
    id: `id${seq}`,
    clientId: `c${seq}`,
    conversationId: 'x',
    seq,
    rev: seq,
    sender,
    type: 'text',
    text: `text ${seq}`,
    createdAt,
    ...more,
  },
  ...(sender === me && { status: { is: 'delivered', onDeviceOf: [] } }),
});
const unsent = (key: string, is: 'queued' | 'failed'): TimelineMessage => ({
  kind: 'unsent',
  key,
  clientId: key,
  conversationId: 'x',
  text: key,
  sentAt: at(9, 30),
  status: { is, because: { code: is === 'queued' ? 'waiting.connection' : 'message.empty', words: '' } },
});
const timeline = (messages: TimelineMessage[], more: Partial<Timeline> = {}): Timeline => ({
  phase: 'ready',
  messages,
  hasOlder: false,
  hasNewer: false,
  lastSeq: messages.length,
  typing: [],
  members: [],
  membersComplete: true,
  receipts: [],
  ...more,
});
const reader = { me, group: true, unreadAt: undefined };
const shape = (of: Timeline, with_ = reader as { me: string; group: boolean; unreadAt: number | undefined }) =>
  itemsOf(of, with_).map(item =>
    item.kind === 'message'
      ? `${item.key}${item.first ? ' first' : ''}${item.last ? ' last' : ''}${item.state ? ' state' : ''}`
      : item.kind,
  );

test('messages of one sender less than five minutes apart, on one day, with nothing between, are a group', () => {
  const messages = [
    stored(1, ana, at(9, 0)),
    stored(2, ana, at(9, 4)),
    stored(3, ana, at(9, 10)),
    stored(4, ben, at(9, 11)),
    stored(5, ben, at(9, 11), { type: 'system', system: { kind: 'renamed', name: 'x' } }),
    stored(6, ben, at(9, 12)),
    stored(7, ben, at(33, 12)),
  ];
  assert.deepEqual(shape(timeline(messages)), [
    'begin',
    'day',
    'm1 first',
    'm2 last',
    'm3 first last',
    'm4 first last',
    'system',
    'm6 first last',
    'day',
    'm7 first last',
  ]);
});

test('the line "New since" stands before the first new message of somebody else', () => {
  const messages = [
    stored(1, ana, at(9, 0)),
    stored(2, me, at(9, 0)),
    stored(3, ana, at(9, 1)),
    stored(4, ana, at(9, 1)),
  ];
  assert.deepEqual(shape(timeline(messages, { hasOlder: true }), { ...reader, unreadAt: 2 }), [
    'older',
    'day',
    'm1 first last',
    'm2 first last state',
    'unread',
    'm3 first',
    'm4 last',
  ]);
});

test('the state is told once for those that wait, for each that failed, and in groups for the newest of mine', () => {
  const messages = [
    stored(1, me, at(9, 29)),
    stored(2, me, at(9, 29)),
    unsent('q1', 'queued'),
    unsent('q2', 'queued'),
    unsent('f', 'failed'),
  ];
  const states = (group: boolean) =>
    itemsOf(timeline(messages), { ...reader, group }).flatMap(item =>
      item.kind === 'message' && item.state ? [item.key] : [],
    );
  assert.deepEqual(states(true), ['q2', 'f']);
  assert.deepEqual(states(false), ['q2', 'f']);
  assert.deepEqual(shape(timeline(messages.slice(0, 2))), ['begin', 'day', 'm1 first', 'm2 last state']);
});

test('several system rows fold into one, and rows that did not change are the same objects', () => {
  const system = (seq: number) =>
    stored(seq, ana, at(9, 0), { type: 'system', system: { kind: 'joined', userId: ben } });
  const before = itemsOf(timeline([system(1), system(2), stored(3, ana, at(9, 1))]), reader);
  assert.equal(before.filter(item => item.kind === 'system').length, 1);
  const same = [
    system(1),
    system(2),
    before.flatMap(item => (item.kind === 'message' ? [item.entry] : []))[0] ?? system(9),
  ];
  const after = reuse(before, itemsOf(timeline([...same, stored(4, ben, at(9, 2))]), reader));
  assert.deepEqual(
    after.slice(0, 4).map((item, index) => item === before[index]),
    [true, true, true, true],
  );
});

test('read is what was half in view for 400 ms', () => {
  const first = look(new Map(), [1, 2], 1_000);
  assert.deepEqual([first.read, first.againMs], [undefined, 400]);
  const second = look(first.since, [2, 3], 1_399);
  assert.deepEqual([second.read, second.againMs], [undefined, 1]);
  const third = look(second.since, [2, 3], 1_400);
  assert.deepEqual([third.read, third.againMs], [2, 399]);
  assert.equal(look(third.since, [1], 1_800).read, undefined, 'what came back begins anew');
  const view = { top: 0, bottom: 100 };
  assert.ok(halfInView({ top: -10, bottom: 10 }, view));
  assert.ok(!halfInView({ top: -11, bottom: 9 }, view));
  assert.ok(halfInView({ top: -500, bottom: 500 }, view), 'a text longer than the view');
  assert.ok(!halfInView({ top: 100, bottom: 120 }, view));
});
