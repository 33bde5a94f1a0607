import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { defaults } from '../src/config.ts';
import { startEmbedded } from '../src/embedded/start.ts';
import { createLog } from '../src/log.ts';
import { type Running, serve } from '../src/serve.ts';
import { log, testConfig } from './house.ts';
import { account, direct } from './people.ts';

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

function fill(file: string): void {
  const block = Buffer.alloc(65_536);
  try {
    for (;;) appendFileSync(file, block);
  } catch {} // that was the last of it
}

test('promise 1: with a full disk sends are refused in words; with room again all that was acknowledged is there, and more', {
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
  const [ana, ben] = [await account(running.url, 'ana'), await account(running.url, 'ben')];
  const room = await direct(ana, ben);
  const line = await ana.connect(t);
  const send = () =>
    line.ask({ type: 'message.send', conversationId: room, clientId: randomUUID(), text: randomUUID().repeat(200) });
  const acked: string[] = [];
  const sendUntil = async (wanted: 'ack' | 'error', withinMs: number) => {
    for (const until = performance.now() + withinMs; performance.now() < until; ) {
      const answer = await send();
      if (answer.type === 'ack') acked.push(answer.message.id);
      else assert.ok(answer.type === 'error' && answer.code === 'storage_unavailable', JSON.stringify(answer));
      if (answer.type === wanted) return answer;
      if (answer.type === 'error') await pause(100);
    }
    return assert.fail(`no ${wanted} in ${withinMs} ms`);
  };
  await sendUntil('ack', 10_000);

  const filler = join(disk, 'filler');
  fill(filler);
  const refused = await sendUntil('error', 30_000);
  assert.match(JSON.stringify(refused), /try again in/);
  assert.equal((await fetch(`${running.url}/healthz`)).status, 200);
  rmSync(filler);

  await sendUntil('ack', 60_000); // PostgreSQL may have ended itself, and comes back by itself
  const stored: string[] = [];
  for (let after = 0, more = true; more; ) {
    const { status, body } = await ana.http('GET', `/conversations/${room}/messages?limit=200&after=${after}`);
    assert.equal(status, 200);
    assert.ok(Array.isArray(body.messages));
    stored.push(...body.messages.map(({ id }) => String(id)));
    after = Number(body.messages.at(-1)?.seq);
    more = body.hasAfter === true;
  }
  assert.deepEqual(
    acked.filter(id => !stored.includes(id)),
    [],
  );
  assert.equal(line.ws.readyState, line.ws.OPEN);
});
