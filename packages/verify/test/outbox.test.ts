import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { createOutbox, type Habits } from '../src/clients/outbox.ts';
import type { Note } from '../src/clients/person.ts';
import type { Settled } from '../src/clients/settle.ts';
import { randomOf } from '../src/world/random.ts';

const row = { id: 'm', clientId: 'c', sender: 'u', seq: 1, rev: 1, text: 't', state: 's' };
const ok: Settled = { is: 'ok', row, dup: false };
const lost: Settled = { is: 'info', code: 'connection.lost', words: 'The connection ended (1006).' };

/** Somebody's outbox; `went` are the tries under way, ended by the test. */
function outbox(t: TestContext, habits: Partial<Habits> = {}) {
  const over = new AbortController();
  t.after(() => over.abort());
  const noted: Parameters<Note>[0][] = [];
  const went: { text: string; clientId: string; end: (how: Settled) => void }[] = [];
  let next: PromiseWithResolvers<void> | undefined;
  let tries = 0;
  const box = createOutbox({
    random: { ...randomOf(1), next: () => 0 }, // waits as short as can be
    nextTry: () => ++tries,
    signal: over.signal,
    note: entry => void noted.push(entry),
    habits: { depth: 1, overHttp: 0, again: 0, ...habits },
    isOnline: () => true,
    send({ text, clientId }, _overHttp, end) {
      went.push({ text, clientId, end });
      next?.resolve();
    },
  });
  return {
    ...box,
    async went() {
      if (went.length === 0) {
        next = Promise.withResolvers();
        await next.promise;
      }
      const first = went.shift();
      assert.ok(first);
      return first;
    },
    underWay: () => went.length,
    told: () => noted.map(e => e.f),
  };
}

test('what nobody knows is written down as such, and tried again under the same client id until somebody does', async t => {
  const { add, went, told, size } = outbox(t);
  add('here', 'hello');
  const first = await went();
  first.end(lost);
  const second = await went();
  assert.equal(second.clientId, first.clientId);
  assert.equal(size(), 1);
  second.end(ok);
  assert.equal(size(), 0);
  assert.deepEqual(told(), ['invoke', 'info', 'invoke', 'ok']);
});

test('one waits for the other in a conversation, and not in another', async t => {
  const { add, went, underWay } = outbox(t);
  add('here', 'first');
  add('here', 'second');
  add('there', 'third');
  const one = await went();
  assert.deepEqual([one.text, (await went()).text, underWay()], ['first', 'third', 0]);
  one.end({ is: 'fail', code: 'message.too_long', words: 'Too long.' });
  assert.equal((await went()).text, 'second');
});

test('some send what is stored once more', async t => {
  const { add, went, told, size } = outbox(t, { again: 1 });
  add('here', 'hello');
  const first = await went();
  first.end(ok);
  const second = await went();
  assert.equal(second.clientId, first.clientId);
  second.end({ ...ok, dup: true });
  assert.deepEqual([told(), size()], [['invoke', 'ok', 'invoke', 'ok'], 0]);
});
