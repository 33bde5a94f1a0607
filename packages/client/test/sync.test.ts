import assert from 'node:assert/strict';
import test from 'node:test';
import type { Receipt } from '@carpenter/protocol';
import fc from 'fast-check';
import { drain, type Held, receive } from '../src/sync/held.ts';
import { messageAt, tail, trim } from '../src/sync/log.ts';
import {
  applyChanges,
  applyPage,
  applyReceipt,
  type Durable,
  differs,
  fromState,
  guesses,
  markOf,
  meet,
  readTo,
  withBlocked,
} from '../src/sync/room.ts';
import { me, model, other } from './model.ts';

/** A client as the network lets it be: what it hears is lost, doubled, swapped and late. */
function client(server: ReturnType<typeof model>) {
  let room = fromState(server.state());
  let held: Held = new Map();
  let epoch = server.epoch();
  const late: Durable[] = [];
  const pages: { epoch: number; forgot: number; page: ReturnType<typeof server.page> }[] = [];

  const hear = (event: Durable) => {
    ({ room, held } = receive(room, held, event, me));
  };
  const sync = (since = room.log.rev) => {
    for (let from = since, more = true; more; from = room.log.rev) {
      const changes = server.changes(from, 3, 20);
      ({ room, held } = drain(applyChanges(room, changes, me), held, me));
      more = changes.more;
    }
  };
  return {
    room: () => room,
    sync,
    hear,
    late,
    hearLate(order: number) {
      const [event] = late.splice(order % Math.max(1, late.length), 1);
      if (event) hear(event);
    },
    receipt(receipt: Receipt) {
      room = applyReceipt(room, receipt, me);
    },
    readHere(seq: number) {
      room = readTo(room, seq, me);
    },
    askPage(before: number) {
      pages.push({ epoch, forgot: room.log.forgot, page: server.page(before, 4) });
    },
    takePage(newest: boolean) {
      const page = newest ? pages.pop() : pages.shift();
      if (page && page.epoch === epoch) room = applyPage(room, page.page, page.forgot, me) ?? room;
    },
    compare() {
      if (differs(room, server.head())) sync();
      if (room.mine.readSeq > server.head().readSeq) server.read(room.mine.readSeq);
    },
    forget() {
      room = { ...room, log: trim(room.log, 5) };
    },
    /** Reconnects: `ready`, then heads. */
    reconnect() {
      late.length = 0;
      held = new Map();
      if (epoch !== server.epoch()) {
        epoch = server.epoch();
        sync(Number.MAX_SAFE_INTEGER);
      }
      const state = server.state();
      if (state.rev <= room.log.rev) room = meet(room, state, me);
      this.compare();
    },
    readAll() {
      for (let seq = server.lastSeq() + 1; seq > 0; seq -= 4)
        room = applyPage(room, server.page(seq, 4), room.log.forgot, me) ?? room;
    },
  };
}

const at = fc.nat(30);
const way = fc.constantFrom('heard', 'heard', 'lost', 'twice', 'late');
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('other' as const, 'meant' as const), way }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('react' as const), way, at }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('mine' as const, 'system' as const, 'rename' as const), way }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('edit' as const, 'delete' as const), way, at }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('read' as const, 'unread' as const, 'readHere' as const), way, at }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('hearLate' as const, 'askPage' as const), at }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('takePage' as const), newest: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('reconnect' as const, 'compare' as const, 'forget' as const, 'save' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const) }) },
);

test('promises 2, 3, 4: whatever is lost, doubled, swapped or late, the view ends equal to the server: each message once, in order, unread as there', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), steps => {
      const server = model();
      server.send(other);
      const view = client(server);
      view.readAll();
      let rev = 0;
      const told = (event: Durable | undefined, how: string) => {
        if (!event) return;
        if (how === 'late') view.late.push(event);
        else if (how !== 'lost') view.hear(event);
        if (how === 'twice') view.hear(event);
      };
      for (const s of steps) {
        switch (s.do) {
          case 'other':
            told(server.send(other), s.way);
            break;
          case 'meant':
            told(server.send(other, 'text', [me]), s.way);
            break;
          case 'react':
            told(server.react(s.at), s.way);
            break;
          case 'mine':
            told(server.send(me), s.way);
            break;
          case 'system':
            told(server.send(other, 'system'), s.way);
            break;
          case 'rename':
            told(server.rename(), s.way);
            break;
          case 'edit':
            told(server.edit(s.at), s.way);
            break;
          case 'delete':
            told(server.delete(s.at), s.way);
            break;
          case 'read':
          case 'unread': {
            const receipt = s.do === 'read' ? server.read(s.at) : server.unreadFrom(s.at + 1);
            if (s.way !== 'lost') view.receipt(receipt);
            break;
          }
          case 'readHere':
            view.readHere(s.at);
            if (s.way !== 'lost') server.read(Math.min(s.at, view.room().log.lastSeq));
            break;
          case 'hearLate':
            view.hearLate(s.at);
            break;
          case 'askPage':
            view.askPage(s.at);
            break;
          case 'takePage':
            view.takePage(s.newest);
            break;
          case 'reconnect':
            view.reconnect();
            break;
          case 'compare':
            view.compare();
            break;
          case 'forget':
            view.forget();
            break;
          case 'save':
            server.save();
            break;
          case 'restore': // every connection ends with it
            server.restore();
            view.reconnect();
        }
        const room = view.room();
        assert.ok(room.log.rev >= rev || s.do === 'restore', 'the rev of a client fell');
        rev = room.log.rev;
        const same = rev === server.rev() && markOf(room.mine) === markOf(server.mine());
        if (same && !guesses(room) && room.counted.unread < 100) assert.equal(room.mine.unread, server.unread());
        if (same && !guesses(room) && s.do === 'compare') assert.equal(room.mine.mentions, server.mentions());
      }
      view.compare();
      view.compare(); // what the first one told the server is compared, too
      const { log, mine, conversation } = view.room();
      assert.equal(log.rev, server.rev());
      assert.equal(log.lastSeq, server.lastSeq());
      assert.equal(conversation.name, server.state().conversation.name);
      for (const stretch of log.stretches)
        assert.deepEqual(stretch.messages, server.messages().slice(stretch.from - 1, stretch.to));
      assert.deepEqual([mine.unread, mine.mentions], [server.unread(), server.mentions()]);
      // a message that was forgotten and comes back by an event has what is mine with its next page
      for (const { messages } of log.forgot === 0 ? log.stretches : []) {
        const own = messages.flatMap(({ seq }) => (view.room().own.get(seq)?.emoji?.length ? [seq] : []));
        assert.deepEqual(own.map(String), Object.keys(server.ownAt(messages)));
      }
      assert.equal(mine.readSeq, server.mine().readSeq);

      view.readAll();
      assert.deepEqual(tail(view.room().log)?.messages ?? [], server.messages());
      assert.equal(view.room().mine.unread, server.unread());
    }),
    { numRuns: 1_000 },
  );
});

test('promise 4: a reaction of mine is not lost where pages of changes go past it to a later change of its message', () => {
  const server = model();
  for (let i = 0; i < 5; i++) server.send(other);
  const view = client(server);
  view.readAll();
  server.send(other); // lost: what follows waits for it
  const later = [server.react(6), server.edit(1), server.send(other), server.send(other), server.edit(6)];
  for (const event of later) if (event) view.hear(event);
  view.compare();
  const own = view.room().own.get(6);
  assert.deepEqual([own?.emoji, view.room().log.rev], [['👍'], server.rev()]);
});

test('events that were swapped on the way need no question', () => {
  const server = model();
  server.send(other);
  const view = client(server);
  const [two, three, four] = [server.send(other), server.send(other), server.send(other)];
  for (const event of [four, three, two]) view.hear(event);
  assert.equal(view.room().log.rev, 4);
  assert.deepEqual(tail(view.room().log)?.messages, server.messages());
});

test('a gap is seen at the first event behind it, and nothing behind it is taken for whole', () => {
  const server = model();
  server.send(other);
  const view = client(server);
  server.send(other); // lost
  view.hear(server.send(other));
  assert.equal(view.room().log.rev, 1);
  assert.equal(messageAt(view.room().log, 3), undefined);
  view.reconnect();
  assert.equal(view.room().log.rev, 3);
});

test('watermarks only grow: a late receipt takes nothing back', () => {
  const server = model();
  for (let n = 0; n < 9; n++) server.send(me);
  const view = client(server);
  view.receipt({ userId: other, deliveredSeq: 7, readSeq: 5 });
  view.receipt({ userId: other, deliveredSeq: 6, readSeq: 6 });
  view.receipt({ userId: other, deliveredSeq: 2, readSeq: 1 });
  assert.deepEqual(view.room().receipts.get(other), { userId: other, deliveredSeq: 7, readSeq: 6 });
});

test('"99+" stays true: above a hundred the figure is full, and reading brings it back to the number', () => {
  const server = model();
  server.send(me);
  const view = client(server);
  for (let n = 0; n < 130; n++) view.hear(server.send(other));
  assert.equal(view.room().mine.unread, 100);
  view.readHere(121);
  assert.equal(view.room().mine.unread, 10);
});

test('what was read here stays read while the server has not heard of it yet', () => {
  const server = model();
  for (let n = 0; n < 5; n++) server.send(other);
  const view = client(server);
  view.readAll();
  view.readHere(4);
  server.rename(); // lost; the answer to the question for it still has the old mark
  view.sync();
  assert.deepEqual([view.room().mine.readSeq, view.room().mine.unread], [4, 1]);
});

test('"unread from here" is taken away by reading at or behind it, not before it', () => {
  const server = model();
  for (let n = 0; n < 5; n++) server.send(other);
  const view = client(server);
  view.readAll();
  view.readHere(5);
  view.receipt(server.unreadFrom(3));
  assert.equal(view.room().mine.unread, 3);
  view.readHere(2);
  assert.equal(view.room().mine.unread, 3);
  view.readHere(3);
  assert.equal(view.room().mine.unread, 0);
});

test('a reply of mine that a thread sends to its conversation too does not say that I have read the conversation', () => {
  const server = model();
  server.send(other);
  let room = fromState(server.state());
  const event = server.send(me);
  assert.ok(event.type === 'message.created');
  const message = { ...event.message, fromThread: { conversationId: event.message.id, seq: 1 } };
  room = receive(room, new Map(), { ...event, message }, me).room;
  assert.deepEqual([room.log.lastSeq, room.mine.readSeq, room.mine.unread], [2, 0, 1]);
});

test('who is named in a line from a thread is counted there, not in the conversation; a call to all counts here too', () => {
  const server = model();
  let room = fromState(server.state());
  for (const mention of [me, 'all' as const]) {
    const event = server.send(other, 'text', [mention]);
    assert.ok(event.type === 'message.created');
    const message = { ...event.message, fromThread: { conversationId: event.message.id, seq: 1 } };
    room = receive(room, new Map(), { ...event, message }, me).room;
  }
  assert.deepEqual([room.mine.unread, room.mine.mentions], [2, 1]);
});

test('what people write whom I have blocked is not unread, held here or not, and is again once I hear them', () => {
  const server = model();
  const blocked = new Set([other]);
  server.send(me);
  let room = withBlocked(fromState(server.state()), blocked, me);
  for (let i = 0; i < 3; i++) room = receive(room, new Map(), server.send(other, 'text', [me]), me).room;
  assert.deepEqual([room.mine.unread, room.mine.mentions], [0, 0]);
  const away = receive({ ...room, log: { ...room.log, stretches: [] } }, new Map(), server.send(other), me).room;
  assert.deepEqual([away.mine.unread, away.mine.mentions], [0, 0]);
  room = withBlocked(room, new Set(), me);
  assert.deepEqual([room.mine.unread, room.mine.mentions], [3, 3]);
});
