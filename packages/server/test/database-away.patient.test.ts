import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type Id, type Message, retryAfterOf } from '@carpenter/protocol';
import { defaults } from '../src/config.ts';
import { type Running, serve } from '../src/serve.ts';
import { databaseOf, onCluster, startCluster, template } from './cluster.ts';
import { log, testConfig } from './house.ts';
import { account, direct, type Line, openLine, type Person } from './people.ts';
import { freeze, processesOf, signal } from './postmaster.ts';

const linux = { skip: process.platform !== 'linux' && 'NOT RUN: processes are found by /proc' };

/** A server on a PostgreSQL that nobody else uses, with two people who talk. */
async function talking(t: TestContext) {
  const cluster = await startCluster();
  let running: Running | undefined;
  t.after(async () => {
    await running?.drain();
    await cluster.stop();
  });
  await onCluster(cluster.url, `CREATE DATABASE chat TEMPLATE ${template}`);
  const databaseUrl = databaseOf(cluster.url, 'chat');
  const rates = { ...defaults.rates, framesPerMinute: 100_000, bytesPerMinute: 100_000_000 };
  running = await serve(testConfig(databaseUrl, { rates }), log);
  const { url } = running;
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  return { url, databaseUrl, ana, ben, room, hers: await ana.connect(t), his: await ben.connect(t) };
}

const send = (line: Line, conversationId: Id, clientId: Id, text = 'hello') =>
  line.ask({ type: 'message.send', conversationId, clientId, text });

/** As an outbox does: again and again, until it is stored. */
async function deliver(line: Line, room: Id, clientId: Id): Promise<Message> {
  for (;;) {
    const answer = await send(line, room, clientId);
    if (answer.type === 'ack') return answer.message;
    assert.ok(answer.type === 'error' && answer.code === 'storage_unavailable', JSON.stringify(answer));
    await pause(100);
  }
}

async function history(person: Person, room: Id): Promise<{ clientId: Id; seq: number }[]> {
  const { body } = await person.http('GET', `/conversations/${room}/messages?limit=200&after=0`);
  assert.ok(Array.isArray(body.messages));
  return body.messages.map(({ clientId, seq }) => ({ clientId, seq }));
}

async function readiness(url: string): Promise<unknown> {
  const answer = await fetch(`${url}/readyz`);
  assert.equal(answer.status, 200);
  return answer.json();
}

test(
  'promise 1: while the database is frozen for half a minute nothing is acknowledged, and everybody hears why; then all goes on',
  linux,
  async t => {
    const { url, databaseUrl, ana, ben, room, hers, his } = await talking(t);
    await deliver(hers, room, randomUUID());
    const before = process.memoryUsage().heapUsed;
    const pids = await processesOf(databaseUrl);
    const refused: Id[] = [];
    const began = performance.now();
    const thaw = freeze(pids);
    try {
      await refusedInWaves(hers, room, refused);
      assert.deepEqual(await readiness(url), { ready: true, state: 'degraded', database: 'down' });
      const entering = openLine(url, '', { headers: { authorization: `Bearer ${ben.grant.accessToken}` } });
      const { code, reason } = await entering.closed();
      assert.equal(code, 1013, reason);
      assert.ok((retryAfterOf(reason) ?? 0) > 0, reason);
      while (performance.now() - began < 30_000) await pause(100);
      assert.ok(process.memoryUsage().heapUsed - before < 100_000_000, 'what was refused is forgotten');
    } finally {
      thaw();
    }

    const thawed = performance.now();
    const acks: Message[] = [];
    for (const id of refused.slice(0, 20)) acks.push(await deliver(hers, room, id));
    assert.ok(performance.now() - thawed < 10_000, `back after ${performance.now() - thawed} ms`);
    assert.match(JSON.stringify(await readiness(url)), /"state":"ready"/);
    assert.deepEqual([hers.ws.readyState, his.ws.readyState], [1, 1], 'nobody was ended');
    const stored = await history(ana, room);
    assert.equal(new Set(stored.map(m => m.clientId)).size, stored.length, 'stored once');
    for (const { clientId, seq } of acks) assert.ok(stored.some(m => m.clientId === clientId && m.seq === seq));
  },
);

async function refusedInWaves(line: Line, room: Id, refused: Id[]): Promise<void> {
  for (let wave = 0; wave < 3; wave++) {
    const tried = Array.from({ length: 60 }, () => randomUUID());
    refused.push(...tried);
    const asked = performance.now();
    for (const answer of await Promise.all(tried.map(id => send(line, room, id, 'x'.repeat(8_000))))) {
      assert.ok(answer.type === 'error' && answer.code === 'storage_unavailable', JSON.stringify(answer));
      assert.ok((answer.retryAfterMs ?? 0) > 0);
    }
    const ms = performance.now() - asked;
    assert.ok(ms < 5_000, `refused after ${ms} ms`);
  }
}

test('promise 1: a database that is killed comes back with all that was acknowledged, each once', linux, async t => {
  const { url, databaseUrl, ana, room, hers, his } = await talking(t);
  const [postmaster = 0] = await processesOf(databaseUrl);
  const acked: Message[] = [];
  const talk = async (from: Line) => {
    for (let i = 0; i < 60; i++) acked.push(await deliver(from, room, randomUUID()));
  };
  const talks = [talk(hers), talk(his)];
  while (acked.length < 20) await pause(10);
  signal([postmaster], 'SIGKILL');
  await Promise.all(talks);
  const stored = await history(ana, room);
  assert.deepEqual(
    stored.map(m => m.seq),
    Array.from({ length: 120 }, (_, i) => i + 1),
  );
  for (const { clientId, seq } of acked) assert.equal(stored[seq - 1]?.clientId, clientId);
  assert.match(JSON.stringify(await readiness(url)), /"state":"ready"/);
  assert.deepEqual([hers.ws.readyState, his.ws.readyState], [1, 1], 'nobody was ended');
});
