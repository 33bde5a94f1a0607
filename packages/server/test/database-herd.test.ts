import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createStandings } from '../src/auth/standing.ts';
import { createMemoryBus } from '../src/bus/memory.ts';
import { openPool } from '../src/store/database.ts';
import { createParents } from '../src/store/parents.ts';
import { log, migrated } from './house.ts';

const crowd = (ask: () => unknown) => Promise.allSettled(Array.from({ length: 1_000 }, ask));

test('a thousand who ask the same at once, of a node that remembers nothing yet, are one question to the database', async t => {
  const db = openPool(await migrated(t, () => db.end()), log);
  const asked = t.mock.method(db, 'query');
  const mustStand = createStandings(db, createMemoryBus(log));
  const [sessionId, userId] = [randomUUID(), randomUUID()];
  for (const one of await crowd(() => mustStand(sessionId, userId))) assert.equal(one.status, 'rejected'); // nobody's session
  assert.equal(asked.mock.callCount(), 1);
  const parentOf = createParents(db);
  const conversationId = randomUUID();
  for (const one of await crowd(() => parentOf(conversationId))) assert.equal(one.status, 'fulfilled');
  assert.equal(asked.mock.callCount(), 2);
});

test('a thousand who ask while the database is away hear of one failure; the next one asks anew', async t => {
  const db = openPool(await migrated(t, () => db.end()), log);
  const asked = t.mock.method(db, 'query');
  asked.mock.mockImplementationOnce(() => Promise.reject(new Error('connection terminated')));
  const parentOf = createParents(db);
  const conversationId = randomUUID();
  for (const one of await crowd(() => parentOf(conversationId))) assert.equal(one.status, 'rejected');
  assert.equal(asked.mock.callCount(), 1);
  assert.equal(await parentOf(conversationId), undefined);
  assert.equal(asked.mock.callCount(), 2);
});
