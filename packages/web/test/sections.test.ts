import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConversationRow } from '@carpenter/client';
import { type Conversation, forever, type MySettings } from '@carpenter/protocol';
import fc from 'fast-check';
import { attentionOf, endOfToday, isMuted, levelOf, loudCount } from '../src/sidebar/attention.ts';
import { foldersOf, pinBeside, pinLast, sectionsOf } from '../src/sidebar/sections.ts';

const now = new Date(2026, 10, 24, 15, 30).getTime();
interface Given extends MySettings {
  readonly type?: Conversation['type'];
  readonly unread?: number;
  readonly mentions?: number;
  readonly blocked?: boolean;
}
function rowOf(
  id: string,
  { type = 'group', unread = 0, mentions = 0, blocked = false, ...mine }: Given = {},
): ConversationRow {
  return {
    id,
    conversation: { id, type, memberCount: 2, createdBy: id, createdAt: '' },
    title: id,
    lastAt: '',
    unread,
    mine: { role: 'member', readSeq: 0, deliveredSeq: 0, unread, mentions, ...mine },
    typing: [],
    unsent: [],
    blocked,
    lastBlocked: false,
  };
}
const shown = (rows: readonly ConversationRow[]) =>
  sectionsOf(rows).map(({ kind, name, rows: of }) => `${name ?? kind}: ${of.map(row => row.id).join(' ')}`);

test('pinned ones stand first in their own order, folders by name, the archive last, and nothing twice', () => {
  const rows = [
    rowOf('a'),
    rowOf('b', { pinned: 2 }),
    rowOf('c', { folder: 'Work' }),
    rowOf('d', { pinned: 1, folder: 'Work' }),
    rowOf('e', { archived: true, pinned: 3 }),
    rowOf('f', { folder: 'äpfel' }),
    rowOf('g', { type: 'direct', blocked: true }),
    rowOf('h', { type: 'thread' }),
    rowOf('i'),
  ];
  assert.deepEqual(shown(rows), ['pinned: d b', 'äpfel: f', 'Work: c', 'others: a i', 'archived: e']);
  assert.deepEqual(foldersOf(rows), ['äpfel', 'Work']);
  assert.equal(pinLast(rows), 4);
  assert.deepEqual(shown([]), []);
});

test('moving a pinned conversation changes that one alone, and puts it exactly one place further', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(numbers, fc.nat(), fc.constantFrom<1 | -1>(1, -1), (pins, pick, step) => {
      const pinned = pins.toSorted((a, b) => a - b).map((pin, i) => rowOf(`r${i}`, { pinned: pin }));
      const at = pick % pinned.length;
      const to = pinBeside(pinned, `r${at}`, step);
      if (at + step < 0 || at + step >= pinned.length) return assert.equal(to, undefined);
      const moved = pinned.map((row, i) => (i === at ? rowOf(row.id, { pinned: to }) : row));
      const order = sectionsOf(moved)[0]?.rows.map(row => row.id) ?? [];
      assert.equal(order.indexOf(`r${at}`), at + step);
      assert.deepEqual(
        order.filter(id => id !== `r${at}`),
        pinned.map(row => row.id).filter(id => id !== `r${at}`),
      );
    }),
  );
});

test('a counter is loud when one is notified, quiet when something is only unread, and absent when nothing is', () => {
  const of = (given: Given) => attentionOf(rowOf('a', given), now);
  assert.equal(of({}), undefined);
  assert.equal(of({ unread: 3 }), 'loud');
  assert.equal(of({ unread: 3, type: 'channel' }), 'quiet');
  assert.equal(of({ unread: 3, type: 'channel', mentions: 1 }), 'loud');
  assert.equal(of({ unread: 3, type: 'channel', notify: 'all' }), 'loud');
  assert.equal(of({ unread: 3, notify: 'mentions' }), 'quiet');
  assert.equal(of({ unread: 3, notify: 'nothing', mentions: 2 }), 'quiet');
  assert.equal(of({ unread: 3, mutedUntil: forever }), 'quiet');
  assert.equal(of({ unread: 3, mutedUntil: new Date(now - 1).toISOString() }), 'loud', 'muting has ended');
  assert.equal(loudCount(rowOf('a', { unread: 5, type: 'channel', mentions: 2 }), now), 2);
  assert.equal(levelOf(rowOf('a', { type: 'direct' })), 'all');
});

test('"until tomorrow" lasts until the day is over, where the reader is', () => {
  const until = endOfToday(now);
  assert.equal(new Date(until).getTime(), new Date(2026, 10, 25).getTime());
  assert.ok(isMuted(rowOf('a', { mutedUntil: until }).mine, now));
  assert.ok(!isMuted(rowOf('a', { mutedUntil: until }).mine, Date.parse(until)));
});
