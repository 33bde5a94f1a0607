import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { Id } from '@carpenter/protocol';
import pg from 'pg';
import type { Bus } from '../src/bus/bus.ts';
import { createMemoryBus } from '../src/bus/memory.ts';
import { type Changed, type Following, follow } from '../src/store/aside.ts';
import { hourAhead } from './clock.ts';
import { house, log } from './house.ts';
import { account, direct, group, type Person } from './people.ts';

/** Somebody who writes, and what a follower made of it. */
async function world(t: TestContext) {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const db = new pg.Pool({ connectionString: databaseUrl });
  db.on('error', () => {}); // ended from the other side, by the test
  t.after(() => db.end());
  await db.query('CREATE TABLE notes (by text, seq bigint, rev bigint, text text, fresh boolean)');
  const notes = async () => (await db.query('SELECT by, seq, rev, text, fresh FROM notes ORDER BY rev, by')).rows;
  const bus = createMemoryBus(log);
  /** What the house told: the followers of these tests have a bus of their own. */
  const wake = (): void =>
    bus.publish({ to: 'conversation', conversationId: room, event: { type: 'message.created', ...told(room) } });
  return { databaseUrl, ana, room, db, notes, bus, wake };
}
const told = (conversationId: Id) => ({
  conversationId,
  rev: 1,
  message: {
    id: randomUUID(),
    clientId: randomUUID(),
    conversationId,
    seq: 1,
    rev: 1,
    sender: randomUUID(),
    type: 'text' as const,
    text: '',
    createdAt: new Date().toISOString(),
  },
});

function noting(t: TestContext, url: string, bus: Bus, by: string, poison = ''): Following {
  const handle = async (tx: pg.ClientBase, changed: readonly Changed[]) => {
    for (const { message, fresh } of changed) {
      if (poison !== '' && message.text === poison) throw new Error('this one I cannot take');
      await tx.query('INSERT INTO notes VALUES ($1, $2, $3, $4, $5)', [
        by,
        message.seq,
        message.rev,
        message.text,
        fresh,
      ]);
    }
  };
  const following = follow(url, bus, log, { name: 'notes', handle });
  t.after(() => following.close());
  return following;
}

const say = (person: Person, room: Id, text: string) =>
  person.http('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text });

/** Asks until it is so; fails after ten seconds. */
async function until<T>(ask: () => Promise<T>, so: (found: T) => boolean): Promise<T> {
  const end = Date.now() + 10_000;
  for (;;) {
    const found = await ask();
    if (so(found)) return found;
    assert.ok(Date.now() < end, `it never came: ${JSON.stringify(found)}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

test('work beside the lanes gets every message once, and every change of it, across restarts', async t => {
  const { databaseUrl, ana, room, notes, bus, wake } = await world(t);
  for (const text of ['one', 'two', 'three']) await say(ana, room, text);
  const first = noting(t, databaseUrl, bus, 'first');
  await until(notes, found => found.length === 3);
  await ana.http('PATCH', `/conversations/${room}/messages/2`, { text: 'zwei' });
  wake();
  await until(notes, found => found.length === 4);
  await first.close();
  await ana.http('DELETE', `/conversations/${room}/messages/1`);
  await say(ana, room, 'four');
  noting(t, databaseUrl, bus, 'second');
  const found = await until(notes, all => all.length === 6);
  assert.deepEqual(
    found.map(({ by, seq, text, fresh }) => [by, seq, text, fresh]),
    [
      ['first', 1, 'one', true],
      ['first', 2, 'two', true],
      ['first', 3, 'three', true],
      ['first', 2, 'zwei', false],
      ['second', 1, '', false],
      ['second', 4, 'four', true],
    ],
  );
});

test('of two nodes one does the work; when it loses the database, nothing is missed or done twice', async t => {
  const { databaseUrl, ana, room, db, notes, bus, wake } = await world(t);
  noting(t, databaseUrl, bus, 'a');
  noting(t, databaseUrl, bus, 'b');
  await say(ana, room, 'before');
  wake();
  await until(notes, found => found.length === 1);
  const cut = () =>
    db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'carpenter notes of %'`,
    );
  for (let i = 0; i < 5; i++) {
    await say(ana, room, `text ${i}`);
    wake();
    if (i % 2 === 0) await cut();
  }
  const found = await until(notes, all => all.length >= 6);
  assert.deepEqual(
    found.map(({ seq }) => seq),
    [1, 2, 3, 4, 5, 6],
  );
});

test('a message that the handler cannot take is left out, those around it are not', async t => {
  const { databaseUrl, ana, room, notes, bus } = await world(t);
  for (const text of ['one', 'poison', 'three']) await say(ana, room, text);
  noting(t, databaseUrl, bus, 'a', 'poison');
  const found = await until(notes, all => all.length === 2);
  assert.deepEqual(
    found.map(({ text }) => text),
    ['one', 'three'],
  );
});

test('a clock that was ahead and is set right holds up no work beside the lanes, and makes no message old', async t => {
  const { databaseUrl, ana, room, db, notes, bus, wake } = await world(t);
  await say(ana, room, 'one');
  const setRight = hourAhead(t);
  await say(ana, room, '@ben two');
  noting(t, databaseUrl, bus, 'a');
  await until(notes, found => found.length === 2);
  const told = async () => (await db.query('SELECT seq FROM notified')).rows;
  assert.deepEqual(await until(told, found => found.length > 0), [{ seq: 2 }]);
  setRight();
  await say(ana, room, 'three');
  wake();
  await until(notes, found => found.length === 3);
});

/** Rooms of the same two beside the first one; follows with a handler of its own. */
async function following(t: TestContext, handle: (tx: pg.ClientBase, changed: readonly Changed[]) => Promise<void>) {
  const { databaseUrl, ana, room, bus } = await world(t);
  const start = () => {
    const following = follow(databaseUrl, bus, log, { name: 'notes', handle });
    t.after(() => following.close());
  };
  return { ana, room, other: await group(ana, []), start };
}
const textsOf = (changed: readonly Changed[]) => changed.map(({ message }) => message.text).filter(text => text !== '');
const soon = async (so: () => boolean) => until(async () => so(), Boolean);

test('a message that PostgreSQL cannot take is left out at once', async t => {
  let tries = 0;
  const taken: string[] = [];
  const { ana, room, start } = await following(t, async (tx, changed) => {
    if (textsOf(changed).includes('poison')) {
      tries++;
      await tx.query('SELECT 1 / 0');
    }
    taken.push(...textsOf(changed));
  });
  for (const text of ['poison', 'behind it']) await say(ana, room, text);
  start();
  await soon(() => taken.length === 1);
  assert.deepEqual([taken, tries], [['behind it'], 2]); // with the other, and alone
});

test('a conversation whose messages cannot be taken holds up no other', async t => {
  const alone: string[] = [];
  const taken: string[] = [];
  const { ana, room, other, start } = await following(t, async (_, changed) => {
    const texts = textsOf(changed);
    if (texts.some(text => text.startsWith('poison'))) {
      if (changed.length === 1) alone.push(...texts);
      throw new Error('this one I cannot take');
    }
    taken.push(...texts);
  });
  for (let i = 0; i < 4; i++) await say(ana, room, `poison ${i}`);
  for (let i = 0; i < 12; i++) await say(ana, other, `good ${i}`);
  start();
  await soon(() => taken.length === 12);
  assert.ok(alone.filter(text => text !== 'poison 0').length === 0, `${alone.length} tries before the others came`);
});

test('whoever writes much waits for themselves: a portion is small, and holds something of each conversation', async t => {
  const portions: Map<Id, number>[] = [];
  const { ana, room, other, start } = await following(t, async (_, changed) => {
    const chars = new Map<Id, number>();
    for (const { message } of changed) {
      chars.set(message.conversationId, (chars.get(message.conversationId) ?? 0) + message.text.length);
    }
    portions.push(chars);
  });
  for (let i = 0; i < 40; i++) await say(ana, room, 'x'.repeat(8_000));
  for (let i = 0; i < 5; i++) await say(ana, other, 'short');
  const total = () => portions.flatMap(chars => [...chars.values()]).reduce((sum, n) => sum + n, 0);
  start();
  await soon(() => total() === 320_025);
  assert.equal(portions[0]?.get(other), 25);
  for (const chars of portions) assert.ok((chars.get(room) ?? 0) <= 136_000, `${chars.get(room)} characters at once`);
});

test('a portion that is not done in time is tried again in smaller ones', async t => {
  const taken: string[] = [];
  const { ana, other, start } = await following(t, async (_, changed) => {
    if (changed.length > 3) throw new Error('Query read timeout'); // as the driver says it
    taken.push(...textsOf(changed));
  });
  for (let i = 0; i < 5; i++) await say(ana, other, `text ${i}`);
  start();
  await soon(() => taken.length === 5);
});
