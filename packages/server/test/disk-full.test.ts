import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { api, type Event, type Message, type Seq } from '@carpenter/protocol';
import pg from 'pg';
import { defaults } from '../src/config.ts';
import { startEmbedded } from '../src/embedded/start.ts';
import { createLog } from '../src/log.ts';
import { type Running, serve } from '../src/serve.ts';
import { login, refused } from './ask.ts';
import { log, testConfig } from './house.ts';
import { history, sound } from './outage.ts';
import { account, direct, password } from './people.ts';

/** A disk on which a database and little else has room. Undefined: none can be made here. */
function smallDisk(t: TestContext): string | undefined {
  const disk = mkdtempSync(join(tmpdir(), 'carpenter-full-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=711', 'tmpfs', disk]).status === 0;
  t.after(() => {
    if (mounted) spawnSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  });
  if (!mounted) return undefined;
  chmodSync(disk, 0o711);
  return disk;
}

/** To the last page. */
function fill(file: string): void {
  for (const bytes of [65_536, 4_096]) {
    const block = Buffer.alloc(bytes);
    try {
      for (;;) appendFileSync(file, block);
    } catch {} // that was the last of it
  }
}

async function onDatabase(url: string, ...statements: string[]): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found: unknown[] = [];
    for (const sql of statements) found.push(...(await client.query<Record<string, unknown>>(sql)).rows);
    return found;
  } finally {
    await client.end();
  }
}

/** What PostgreSQL's own examination finds wrong in tables, and in indexes against them. */
const wrongIn = async (url: string): Promise<unknown[]> => {
  await onDatabase(
    url,
    'CREATE EXTENSION amcheck',
    `SELECT bt_index_check(c.oid, true) FROM pg_class c JOIN pg_am a ON a.oid = c.relam AND a.amname = 'btree'
      WHERE c.relkind = 'i' AND c.relpersistence = 'p'`,
  );
  return onDatabase(
    url,
    `SELECT c.relname, v.* FROM pg_class c, verify_heapam(c.oid, check_toast => true) v
      WHERE c.relkind IN ('r', 't') AND c.relpersistence = 'p'`,
  );
};

/** Some kilobytes that cannot be packed: they need room. */
const bulky = (): string => Array.from({ length: 200 }, () => randomUUID()).join('');

test('promise 1: with a full disk sends and edits are refused in words and all can be read; with room again all goes on, and nothing is broken', {
  skip: process.getuid?.() !== 0 && 'NOT RUN: only root can make a small disk',
}, async t => {
  let running: Running | undefined;
  let stop = async () => {};
  t.after(async () => {
    await running?.drain();
    await stop();
  });
  const disk = smallDisk(t);
  if (!disk) return t.skip('NOT RUN: no small disk can be made here');
  const embedded = await startEmbedded(disk, createLog('silent'));
  stop = embedded.stop;
  const rates = { ...defaults.rates, framesPerMinute: 100_000, bytesPerMinute: 1_000_000_000 };
  running = await serve(testConfig(embedded.url, { rates }), log);
  const { url } = running;
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const conversationId = await direct(ana, ben);
  const line = await ana.connect(t);

  const acked: Message[] = [];
  const maySay = new Map<Seq, string[]>(); // what was refused may have been done
  const inWords = (answer: Event) => {
    assert.ok(answer.type === 'error' && answer.code === 'storage_unavailable', JSON.stringify(answer).slice(0, 500));
    assert.match(answer.message, /try again in/);
    assert.ok((answer.retryAfterMs ?? 0) > 0);
  };
  const send = async (text = bulky()) => {
    const answer = await line.ask({ type: 'message.send', conversationId, clientId: randomUUID(), text });
    if (answer.type === 'ack') {
      acked.push(answer.message);
      maySay.set(answer.message.seq, [text]);
    } else inWords(answer);
    return answer.type;
  };
  const edit = async (seq: Seq) => {
    const text = bulky();
    const answer = await line.ask({ type: 'message.edit', conversationId, seq, text });
    if (answer.type === 'ack') maySay.set(seq, [text]);
    else {
      inWords(answer);
      maySay.get(seq)?.push(text);
    }
    return answer.type;
  };
  const until = async (act: () => Promise<unknown>, wanted: 'ack' | 'error', withinMs: number) => {
    for (const deadline = performance.now() + withinMs; performance.now() < deadline; await pause(20)) {
      if ((await act()) === wanted) return;
    }
    assert.fail(`no ${wanted} in ${withinMs} ms`);
  };
  const found = async () => {
    const { status, body } = await ana.http('GET', '/search?q=marmot');
    assert.equal(status, 200, JSON.stringify(body));
    return api.search.answers[200].parse(body).hits.map(hit => hit.message.seq);
  };
  for (const text of ['marmot', bulky(), bulky()]) assert.equal(await send(text), 'ack');
  const [first, second, third] = acked.map(m => m.seq);
  assert.ok(first && second && third);

  // the log has room of its own, used segments that come back into use: the database stays up
  const used = ["SELECT pg_logical_emit_message(false, '', '')", 'SELECT pg_switch_wal()'];
  await onDatabase(embedded.url, ...used, ...used, ...used, 'CHECKPOINT');
  const filler = join(disk, 'filler');
  fill(filler);
  await until(() => send(), 'error', 30_000);
  for (let i = 0; i < 4; i++) await until(() => send(), 'error', 10_000);
  for (const seq of [second, third]) await until(() => edit(seq), 'error', 10_000);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  sound(await history(ben, conversationId), acked);
  assert.deepEqual(await found(), [first]);
  await ben.connect(t); // with a login from before; to log in something has to be written
  const entered = await login(url, 'ben', password);
  if (entered.status !== 200) refused(entered, 'storage_unavailable');

  rmSync(filler);
  await until(() => send(), 'ack', 60_000); // by itself
  await until(() => edit(second), 'ack', 10_000);
  assert.equal((await login(url, 'ben', password)).status, 200);
  const stored = await history(ana, conversationId);
  sound(stored, acked);
  for (const [seq, texts] of maySay) assert.ok(texts.includes(stored[seq - 1]?.text ?? ''), `what ${seq} says`);
  assert.deepEqual(await found(), [first]);
  assert.deepEqual(await wrongIn(embedded.url), []);
  assert.equal(line.ws.readyState, line.ws.OPEN);
});
