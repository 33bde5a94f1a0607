import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Head } from '@carpenter/protocol';
import { createCompare } from '../src/compare.ts';
import { createMarks } from '../src/marks.ts';
import { createRetries } from '../src/retries.ts';

test('an answer that a newer question has overtaken takes no conversation away that came between the two', async t => {
  const answers: ((heads: readonly Head[]) => void)[] = [];
  const missing: string[] = [];
  const retries = createRetries(() => 0.5);
  const compare = createCompare({
    ask: question =>
      new Promise(resolve => {
        assert.equal(question.type, 'heads');
        answers.push(heads => resolve(Object.assign({ type: 'heads' as const, epoch: 'e', at: '1', heads })));
      }),
    retries,
    epoch: () => 'e',
    ids: () => ['new'],
    head: () => {},
    missing: id => missing.push(id),
    compared: () => {},
    fetchOne: async () => {},
    fetchList: async () => {},
    fetchThreads: async () => {},
  });
  t.after(() => {
    compare.close();
    retries.close();
  });
  compare.all();
  compare.came('new');
  compare.all();
  answers[0]?.([]);
  await new Promise(setImmediate);
  assert.deepEqual(missing, []);
  answers[1]?.([]);
  await new Promise(setImmediate);
  assert.deepEqual(missing, ['new'], 'the newer one knows');
});

test('marked unread over HTTP while there is no connection: what was read before is not sent after it', async () => {
  let connected = false;
  const sent: number[] = [];
  const marks = createMarks(({ seq }) => connected && sent.push(seq) > 0);
  marks.read('c', 5);
  await marks.around('c', async () => {});
  connected = true;
  marks.online();
  assert.deepEqual(sent, []);
  marks.read('c', 6);
  assert.deepEqual(sent, [6]);
  marks.close();
});
