import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Message, parseSearch } from '@carpenter/protocol';
import { highlightsOf, termsOf } from '../src/search/terms.ts';

const id = '01a22c1c-67ea-768c-9fd5-e68668eb3358';

test('a message that holds a word two thousand times is found with a hundred places, not with its length many times over', () => {
  const message: Message = {
    id,
    clientId: id,
    conversationId: id,
    sender: id,
    seq: 1,
    rev: 1,
    type: 'text',
    text: 'abc '.repeat(1_990),
    createdAt: '2026-11-30T10:00:00.000Z',
  };
  const found = highlightsOf(termsOf(parseSearch('abc').terms), message);
  assert.deepEqual(
    found,
    Array.from({ length: 100 }, (_, i) => ({ in: 'text', from: i * 4, to: i * 4 + 3 })),
  );
});
