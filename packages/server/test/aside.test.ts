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
import { account, direct, type Person } from './people.ts';

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
