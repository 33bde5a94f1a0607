import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '@carpenter/protocol';
import { rowOf } from '../src/history.ts';

const [id, at] = ['00000000-0000-7000-8000-000000000001', '2026-11-30T07:00:00.000Z'];
const message: Message = {
  id,
  clientId: id,
  conversationId: id,
  seq: 1,
  rev: 1,
  sender: id,
  type: 'text',
  text: 'https://example.org @ana',
  createdAt: at,
};

test('whatever of a message is not as it was, it is judged as another state; the order of its fields is none', () => {
  const changes: Partial<Message>[] = [
    { text: 'other' },
    { sentAt: at },
    { editedAt: at },
    { mentions: [id] },
    { pinnedBy: id },
    { preview: { url: 'https://example.org', title: 'Example' } },
    { forwarded: { sender: id, createdAt: at } },
    { metadata: { card: 1 } },
  ];
  const states = [message, ...changes.map(change => ({ ...message, ...change }))].map(one => rowOf(one).state);
  assert.equal(new Set(states).size, states.length);
  const turned = { ...message, pinnedAt: at, pinnedBy: id };
  const { text, ...rest } = turned;
  assert.equal(rowOf({ ...rest, text }).state, rowOf(turned).state);
});
