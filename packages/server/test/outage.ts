// What people do and see while the database is away.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { api, type Id, type Message, retryAfterOf, worthRetrying } from '@carpenter/protocol';
import { type Line, openLine, type Person } from './people.ts';

export const send = (line: Line, conversationId: Id, clientId: Id, text = 'hello') =>
  line.ask({ type: 'message.send', conversationId, clientId, text });

/** As an outbox does: again and again, until it is stored. */
export async function deliver(line: Line, room: Id, clientId: Id, text?: string): Promise<Message> {
  for (;;) {
    const answer = await send(line, room, clientId, text);
    if (answer.type === 'ack') return answer.message;
    assert.ok(answer.type === 'error' && worthRetrying(answer.code), JSON.stringify(answer));
    await pause(100);
  }
}

/** None of them is acknowledged, and each is told so within seconds, with a wait. */
export async function allRefused(line: Line, room: Id, clientIds: readonly Id[], text?: string): Promise<void> {
  const asked = performance.now();
  for (const answer of await Promise.all(clientIds.map(id => send(line, room, id, text)))) {
    assert.ok(answer.type === 'error' && answer.code === 'storage_unavailable', JSON.stringify(answer).slice(0, 500));
    assert.ok((answer.retryAfterMs ?? 0) > 0);
  }
  const ms = performance.now() - asked;
  assert.ok(ms < 10_000, `refused after ${ms} ms`);
}

/** Whoever probes, reads or comes in hears within seconds that the database is away, and who comes or reads when to try again. */
export async function awayForAll(person: Person, room: Id): Promise<void> {
  assert.deepEqual(await readiness(person.url), { ready: true, state: 'degraded', database: 'down' });
  const asked = performance.now();
  const read = await person.http('GET', `/conversations/${room}/messages`);
  assert.equal(read.status, 503);
  assert.match(String(read.body.code), /^(storage_unavailable|overloaded)$/);
  assert.ok(Number(read.body.retryAfterMs) > 0);
  assert.ok(performance.now() - asked < 10_000, `refused after ${performance.now() - asked} ms`);
  const headers = { authorization: `Bearer ${person.grant.accessToken}` };
  const { code, reason } = await openLine(person.url, '', { headers }).closed();
  assert.equal(code, 1013, reason);
  assert.ok((retryAfterOf(reason) ?? 0) > 0, reason);
}

export async function readiness(url: string): Promise<unknown> {
  const answer = await fetch(`${url}/readyz`);
  assert.equal(answer.status, 200);
  return answer.json();
}

/** All that is written there, read page by page. */
export async function history(person: Person, room: Id): Promise<Message[]> {
  const all: Message[] = [];
  for (;;) {
    const after = all.at(-1)?.seq ?? 0;
    const { status, body } = await person.http('GET', `/conversations/${room}/messages?limit=200&after=${after}`);
    assert.equal(status, 200, JSON.stringify(body));
    const page = api.messages.answers[200].parse(body);
    all.push(...page.messages);
    if (!page.hasAfter) return all;
  }
}

/** One order without a gap, nothing twice, and all that was acknowledged where it was acknowledged. */
export function sound(stored: readonly Message[], acked: readonly Message[]): void {
  assert.deepEqual(
    stored.map(m => m.seq),
    stored.map((_, i) => i + 1),
  );
  assert.equal(new Set(stored.map(m => m.clientId)).size, stored.length, 'stored once');
  for (const { seq, id, clientId } of acked) {
    const there = stored[seq - 1];
    assert.deepEqual([there?.id, there?.clientId], [id, clientId], `acknowledged at ${seq}`);
  }
}
