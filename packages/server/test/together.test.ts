import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes } from '@carpenter/protocol';
import { createTogether } from '../src/store/together.ts';
import { house } from './house.ts';
import { account, group } from './people.ts';
import { sent } from './sent.ts';

/** Statements that are answered when the test says so. */
function asking(most: number) {
  const statements: { readonly asked: readonly number[]; answer(): void; fail(): void }[] = [];
  const ask = (asked: readonly number[]) =>
    new Promise<readonly string[]>((resolve, reject) =>
      statements.push({
        asked,
        answer: () => resolve(asked.map(n => `answer ${n}`)),
        fail: () => reject(new Error('the connection broke')),
      }),
    );
  return { statements, ask: createTogether(ask, { atOnce: 1, most }) };
}
const settled = () => new Promise(setImmediate);

test('a question goes at once; what comes meanwhile goes with the next, in its order and not more than fits', async () => {
  const { statements, ask } = asking(3);
  const answers = Promise.all([1, 2, 3, 4, 5].map(ask));
  for (let i = 0; i < 3; i++) {
    await settled();
    statements[i]?.answer();
  }
  assert.deepEqual(await answers, ['answer 1', 'answer 2', 'answer 3', 'answer 4', 'answer 5']);
  assert.deepEqual(
    statements.map(({ asked }) => asked),
    [[1], [2, 3, 4], [5]],
  );
});

test('what goes wrong with one statement is heard by those who asked by it alone, and the next ones are asked', async () => {
  const { statements, ask } = asking(2);
  const answers = Promise.allSettled([1, 2, 3, 4].map(ask));
  statements[0]?.answer();
  await settled();
  statements[1]?.fail();
  await settled();
  statements[2]?.answer();
  const heard = await answers;
  assert.deepEqual(
    heard.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
  );
});

test('promise 5: however many ask at the same moment, each hears what changed in their own conversations, and a stranger nothing', async t => {
  const { url } = await house(t);
  const people = await Promise.all(Array.from({ length: 6 }, (_, i) => account(url, `person${i}`)));
  const rooms = await Promise.all(people.map((owner, i) => group(owner, [], `room ${i}`)));
  await Promise.all(people.map((owner, i) => sent(owner, rooms[i] ?? '', `of ${i}`)));
  const lines = await Promise.all(people.map(person => person.connect(t)));
  const asked = lines.flatMap((line, me) =>
    rooms.map(async (conversationId, whose) => {
      const answer = await line.ask({ type: 'sync', conversationId, since: 0 });
      if (me !== whose) return assert.equal(answer.type === 'error' && answer.code, 'conversation.unknown');
      const { messages } = changes.parse(answer);
      assert.deepEqual(
        [answer.type, messages.at(-1)?.text, messages.at(-1)?.sender],
        ['changes', `of ${whose}`, people[me]?.id],
      );
    }),
  );
  await Promise.all(asked);
});
