import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, type Message, parseSearch } from '@carpenter/protocol';
import { highlightsOf, termsOf } from '../src/search/terms.ts';
import { house } from './house.ts';
import { account, group } from './people.ts';
import { sent } from './sent.ts';

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

test('a page of long messages that were found is cut by how much they hold, and the next one goes on', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const room = await group(ana, []);
  const seqs: number[] = [];
  for (let i = 0; i < 40; i++) seqs.unshift((await sent(ana, room, `oak ${'x'.repeat(7_990)}`)).seq);
  const found: number[] = [];
  for (let cursor = ''; ; ) {
    const { status, body } = await ana.http('GET', `/search?q=oak&sort=newest&limit=200${cursor}`);
    assert.equal(status, 200);
    assert.ok(JSON.stringify(body).length < 200_000);
    const { hits, next } = api.search.answers[200].parse(body);
    found.push(...hits.map(({ message }) => message.seq));
    if (next === undefined) break;
    cursor = `&cursor=${next}`;
  }
  assert.deepEqual(found, seqs);
});
