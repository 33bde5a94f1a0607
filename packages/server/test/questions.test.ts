import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createQuestions } from '../src/chat/questions.ts';
import { openPool } from '../src/store/database.ts';
import { holding } from './holding.ts';
import { house, log } from './house.ts';
import { account, direct } from './people.ts';

test('whoever asks for much, over whichever door, waits for themselves: others are answered, and what is sent waits for nothing', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const line = await ana.connect(t);
  const lines = [line, await ana.connect(t), await ana.connect(t), await ana.connect(t)];
  const db = openPool(databaseUrl, log);
  t.after(() => db.end());
  const waiting = async () =>
    (
      await db.query(
        'SELECT FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())',
      )
    ).rowCount ?? 0;
  const send = { type: 'message.send', conversationId: room, clientId: randomUUID(), text: 'hello' } as const;

  const doors: readonly [slow: string, held: number, flood: () => Promise<unknown>[]][] = [
    ['bookmarks', 4, () => Array.from({ length: 40 }, () => ana.http('GET', '/bookmarks'))],
    [
      'messages',
      2, // they are asked together
      () => lines.flatMap(one => [1, 2, 3, 4].map(() => one.ask({ type: 'sync', conversationId: room, since: 0 }))),
    ],
    ['messages', 4, () => Array.from({ length: 20 }, () => ana.connect(t))],
  ];
  for (const [slow, most, flood] of doors) {
    const letGo = await holding(t, databaseUrl, `LOCK TABLE ${slow} IN ACCESS EXCLUSIVE MODE`);
    const asked = flood();
    while ((await waiting()) < most);
    for (let i = 0; i < 3; i++) {
      assert.equal((await ben.http('GET', '/users/me')).status, 200, slow);
      const held = await waiting();
      assert.ok(held <= most, `${held} connections to the database were held`);
    }
    if (slow !== 'messages') assert.equal((await line.ask(send)).type, 'ack');
    await letGo();
    await Promise.all(asked);
  }
});

test('four questions of one person are under way at a time; the next waits in its turn, and not for ever', async () => {
  const questions = createQuestions(ask => ask(), 50);
  const [ana, ben] = [randomUUID(), randomUUID()];
  const open = Promise.withResolvers<void>();
  const begun: string[] = [];
  const ask = (who: string, name: string, until?: Promise<void>) =>
    questions(who, async () => {
      begun.push(name);
      await until;
      return name;
    });
  const first = [1, 2, 3, 4].map(i => ask(ana, `${i}`, open.promise));
  const late = [ask(ana, 'late'), ask(ana, 'later')];
  assert.equal(await ask(ben, 'of ben'), 'of ben');
  assert.deepEqual(begun, ['1', '2', '3', '4', 'of ben']);
  for (const one of late) await assert.rejects(one, { code: 'overloaded' });
  const last = [ask(ana, '5'), ask(ana, '6')];
  open.resolve();
  assert.deepEqual(await Promise.all([...first, ...last]), ['1', '2', '3', '4', '5', '6']);
  await assert.rejects(
    questions(ana, () => Promise.reject(new Error('a fault'))),
    /a fault/,
  );
  assert.equal(await ask(ana, '7'), '7', 'what fails gives its place back');
  assert.deepEqual(begun, ['1', '2', '3', '4', 'of ben', '5', '6', '7']);
});

test('a thousand questions of one person wait; the next is refused at once', async () => {
  const questions = createQuestions(ask => ask());
  const ana = randomUUID();
  const open = Promise.withResolvers<void>();
  const asked = Array.from({ length: 1_004 }, () => questions(ana, () => open.promise));
  const began = performance.now();
  await assert.rejects(
    questions(ana, async () => {}),
    { code: 'overloaded' },
  );
  assert.ok(performance.now() - began < 1_000);
  open.resolve();
  await Promise.all(asked);
});
