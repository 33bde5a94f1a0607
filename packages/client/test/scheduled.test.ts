import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scheduled } from '@carpenter/protocol';
import { createLater } from '../src/personal/scheduled.ts';
import { createRetries } from '../src/retries.ts';

test('promise 4: a message for later that comes or goes while the list is being read is not lost to an answer from before', async t => {
  const time = '2026-11-24T09:26:00.000Z';
  const message = (id: string): Scheduled => ({ id, conversationId: 'c', text: id, sendAt: time, createdAt: time });
  const answers: ((scheduled: readonly Scheduled[]) => void)[] = [];
  const ask = () =>
    new Promise<{ scheduled: readonly Scheduled[] }>(resolve => answers.push(scheduled => resolve({ scheduled })));
  const later = createLater(
    ask,
    createRetries(() => 0.5),
  );
  t.after(later.list.subscribe(() => {}));
  answers[0]?.([message('sent')]);
  await new Promise(setImmediate);
  assert.deepEqual(later.list.get(), [message('sent')]);

  later.list.online();
  later.heard({ type: 'scheduled.removed', id: 'sent', conversationId: 'c' });
  later.heard({ type: 'scheduled.updated', scheduled: message('new') });
  answers[1]?.([message('sent')]);
  await new Promise(setImmediate);
  answers[2]?.([message('new')]);
  await new Promise(setImmediate);
  assert.deepEqual(later.list.get(), [message('new')]);
});
