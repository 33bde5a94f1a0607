import assert from 'node:assert/strict';
import test from 'node:test';
import { keyOf } from '../src/outbox/queue.ts';
import { hold } from '../src/sync/log.ts';
import { applyReceipt, fromState, type Room } from '../src/sync/room.ts';
import type { UnsentMessage } from '../src/types/messages.ts';
import { rowsView } from '../src/views/rows.ts';
import { timelineOf } from '../src/views/timeline.ts';
import { me, model, other } from './model.ts';

function roomWith(...senders: string[]): { room: Room; server: ReturnType<typeof model> } {
  const server = model();
  for (const sender of senders) server.send(sender);
  const room = fromState(server.state());
  return { room: { ...room, log: hold(room.log, server.messages()) }, server };
}
const shown = { me, gone: false, opened: true, at: undefined, unreadAt: undefined, typing: [] };
const unsentAs = (clientId: string): UnsentMessage => ({
  kind: 'unsent',
  key: keyOf(me, clientId),
  clientId,
  conversationId: '00000000-0000-4000-8000-000000000003',
  text: '2',
  sentAt: '2026-11-24T09:26:00.000Z',
  status: { is: 'sent' },
});

test('promise 2: a message that is stored and still in the outbox is shown once, as the same one', () => {
  const { room, server } = roomWith(other, me);
  const clientId = server.messages()[1]?.clientId ?? '';
  const { messages } = timelineOf({ ...shown, room, unsent: [unsentAs(clientId)] });
  assert.deepEqual(
    messages.map(m => m.kind),
    ['stored', 'stored'],
  );
  assert.equal(messages[1]?.key, unsentAs(clientId).key);
});

test('two people may choose the same clientId: both messages are shown', () => {
  const { room, server } = roomWith(other);
  const { messages } = timelineOf({ ...shown, room, unsent: [unsentAs(server.messages()[0]?.clientId ?? '')] });
  assert.deepEqual(
    messages.map(m => m.kind),
    ['stored', 'unsent'],
  );
});

test('my messages say how far they came by the marks of the others, and change only when those do', () => {
  const { room } = roomWith(me, me);
  const before = timelineOf({ ...shown, room, unsent: [] });
  const read = applyReceipt(room, { userId: other, deliveredSeq: 2, readSeq: 1 }, me);
  const after = timelineOf({ ...shown, room: read, unsent: [] }, before);
  assert.deepEqual(
    after.messages.map(m => m.kind === 'stored' && m.status),
    [
      { is: 'read', by: [other], onDeviceOf: [other] },
      { is: 'delivered', onDeviceOf: [other] },
    ],
  );
  const again = timelineOf({ ...shown, room: { ...read }, unsent: [] }, after);
  assert.equal(again.messages, after.messages);
});

test('unsent messages wait out of sight while the window does not reach the end', () => {
  const { room, server } = roomWith(other, other, other, other);
  const [first] = server.messages();
  const log = { ...room.log, stretches: first ? [{ from: 1, to: 1, messages: [first] }] : [] };
  const view = timelineOf({ ...shown, at: 1, room: { ...room, log }, unsent: [unsentAs('x')] });
  assert.deepEqual([view.messages.length, view.hasNewer, view.hasOlder], [1, true, false]);
});

test('the list keeps rows that did not change, and puts what has news on top', () => {
  const { room } = roomWith(other);
  const id = '00000000-0000-4000-8000-0000000000b1';
  const second: Room = { ...room, conversation: { ...room.conversation, id, createdAt: '2026-11-24T08:00:00.000Z' } };
  const old: Room = { ...second, log: { ...second.log, lastSeq: 0, stretches: [] } };
  const build = rowsView(me);
  const sources = { users: new Map(), unsent: () => none, typing: () => nobody, blocked: new Set<string>() };
  const before = build({ ...sources, rooms: [old, room] });
  assert.deepEqual(
    before.map(r => r.id),
    [room.conversation.id, id],
  );
  assert.equal(build({ ...sources, rooms: [old, room] }), before);
  const unsent = [{ ...unsentAs('x'), sentAt: '2026-11-24T10:00:00.000Z' }];
  const after = build({ ...sources, unsent: of => (of === id ? unsent : none), rooms: [old, room] });
  assert.deepEqual(
    after.map(r => r.id),
    [id, room.conversation.id],
  );
  assert.equal(after[1], before[0]);
});
const none: readonly UnsentMessage[] = [];
const nobody: readonly string[] = [];
