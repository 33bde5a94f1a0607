import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '@carpenter/protocol';
import pg from 'pg';
import { createStandings } from '../src/auth/standing.ts';
import { createMemoryBus } from '../src/bus/memory.ts';
import { createHub } from '../src/gateway/hub.ts';
import { createSeat } from '../src/gateway/seat.ts';
import { v7 } from '../src/ids.ts';
import { endSession } from '../src/store/sessions.ts';
import { house, log } from './house.ts';
import { account } from './people.ts';

test('promise 5: whoever is taken out while the news of their coming is made hears nothing of the conversation', () => {
  const bus = createMemoryBus(log);
  const hub = createHub(bus);
  const heard: Event[] = [];
  const line = { write: ({ event }: { event: Event }) => void heard.push(event), waiting: () => 0, end: () => {} };
  const userId = v7();
  const seat = createSeat(v7(), { userId, username: 'anna', sessionId: v7() }, line);
  hub.join(seat);
  hub.subscribe(seat, []);
  seat.open({ type: 'pong', serverTime: new Date().toISOString() });
  const conversationId = v7();
  const conversation = { id: conversationId, type: 'group' as const, memberCount: 2, createdBy: v7(), createdAt: '' };
  const mine = { role: 'member' as const, readSeq: 0, deliveredSeq: 0, unread: 0, mentions: 0 };
  const state = { conversation, lastSeq: 1, rev: 1, mine };
  const added: Event = { type: 'conversation.added', conversationId, rev: 1, state, users: [] };

  bus.publish({ to: 'hub', change: 'members.added', conversationId, userIds: [userId] });
  bus.publish({ to: 'hub', change: 'member.removed', conversationId, userId });
  bus.publish({ to: 'users', userIds: [userId], event: added });
  assert.deepEqual(heard.slice(1), []);

  bus.publish({ to: 'hub', change: 'members.added', conversationId, userIds: [userId] });
  bus.publish({ to: 'users', userIds: [userId], event: added });
  assert.deepEqual(heard.slice(1), [added]);
});

test('promise 5: a session that ends while the database says that it lives opens nothing any more', async t => {
  const { url, databaseUrl } = await house(t);
  const anna = await account(url, 'anna');
  const { body } = await anna.http('GET', '/auth/sessions');
  assert.ok(Array.isArray(body.sessions));
  const sessionId = String(body.sessions[0].id);
  const db = new pg.Pool({ connectionString: databaseUrl });
  db.on('error', () => {}); // the database goes first
  t.after(() => db.end());
  const bus = createMemoryBus(log);
  const mustStand = createStandings(db, bus);

  const query = db.query.bind(db);
  const answered = Promise.withResolvers<void>();
  const arrives = Promise.withResolvers<void>();
  const slow = t.mock.method(db, 'query', async (statement: pg.QueryConfig) => {
    const answer = await query(statement);
    answered.resolve();
    await arrives.promise;
    return answer;
  });
  const judged = mustStand(sessionId, anna.id);
  await answered.promise;
  slow.mock.restore();
  await endSession(db, anna.id, sessionId, 'ended');
  bus.publish({ to: 'hub', change: 'session.ended', userId: anna.id, sessionId });
  arrives.resolve();
  await assert.rejects(judged, { code: 'auth.expired' });
});
