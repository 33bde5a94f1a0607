import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { house } from '../../server/test/house.ts';
import { account, password } from '../../server/test/people.ts';
import type { Entry, EntryOf } from '../src/history.ts';
import { judge } from '../src/judge.ts';
import { startLoad } from '../src/load.ts';
import { readHistory } from '../src/read.ts';
import { openRecord } from '../src/record.ts';
import { randomOf } from '../src/world/random.ts';
import type { Recording } from '../src/world/types.ts';
import { openWay } from '../src/world/way.ts';

function fileFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'verify-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'history.jsonl');
}
const only = <F extends Entry['f']>(entries: readonly Entry[], f: F) =>
  entries.filter((e): e is EntryOf<F> => e.f === f);

/** One that tells when something was written. */
function watched(record: Recording) {
  type Written = Parameters<Recording['write']>[0];
  const watching = new Set<(entry: Written) => void>();
  return {
    ...record,
    write(entry: Written) {
      record.write(entry);
      for (const watch of watching) watch(entry);
    },
    /** So many more of them. */
    until: (fits: (entry: Written) => boolean, count: number) =>
      new Promise<void>(resolve => {
        let left = count;
        const watch = (entry: Written) => {
          if (!fits(entry) || --left > 0) return;
          watching.delete(watch);
          resolve();
        };
        watching.add(watch);
      }),
  };
}

test('people write while their links are cut: each message comes to an end, strangers stay outside, and all of it is written down', async t => {
  const { url } = await house(t);
  const names = Array.from({ length: 8 }, (_, i) => `person${i}`);
  for (const name of names) await account(url, name);
  const ways = await Promise.all(
    names.map(name => openWay(name, { host: '127.0.0.1', port: Number(new URL(url).port) })),
  );
  t.after(() => ways.forEach(way => void way.close()));
  const file = fileFor(t);
  const record = watched(openRecord(file, assert.ifError));
  const random = randomOf(1);
  const accounts = names.map(username => ({ username, password }));
  record.write({
    f: 'began',
    version: 'test',
    seed: 1,
    clients: ways.length,
    nodes: 1,
    minutes: 1,
    faults: ['cut'],
    without: {},
  });
  const everybody = record.until(one => one.f === 'open', ways.length);
  const failed = assert.ifError;
  const load = await startLoad({ record, random, ways, accounts, nodeOf: () => 'a', failed, signal: t.signal });
  await everybody;
  for (let n = 0; n < 4; n++) {
    await record.until(one => one.f === 'ok' && one.op === 'send', 15);
    const way = ways[n * 2 + 1];
    const fault = { f: 'fault', n, name: 'cut', clients: [way?.client ?? ''], cuts: true } as const;
    record.write({ ...fault, clients: [...fault.clients], is: 'on' });
    const closed = record.until(one => one.f === 'close' && one.p === way?.client, 1);
    way?.cut();
    way?.heal();
    await closed;
    record.write({ ...fault, clients: [...fault.clients], is: 'off' });
  }
  await record.until(one => one.f === 'ok' && one.op === 'send', 15);
  await load.stop(20_000);
  await load.finals(url, 'a');
  await load.end();
  record.write({ f: 'ended' });
  await record.close();

  const entries = [...readHistory(file)];
  const sent = new Map(only(entries, 'invoke').flatMap(e => (e.op === 'send' ? [[e.n, e.clientId] as const] : [])));
  const done = new Set([...only(entries, 'ok'), ...only(entries, 'fail')].map(e => sent.get(e.n)));
  for (const [n, clientId] of sent) assert.ok(done.has(clientId), `try ${n} came to no end`);
  assert.equal(only(entries, 'close').filter(e => e.by === 'nobody').length, 4, 'four links were cut');
  assert.doesNotMatch(judge(file).words, /refuted/);
});

test('what was written down is there when its writer is killed', t => {
  const file = fileFor(t);
  const program = `
    import { openRecord } from ${JSON.stringify(new URL('../src/record.ts', import.meta.url).href)};
    const record = openRecord(${JSON.stringify(file)}, console.error);
    for (let n = 0; n < 500; n++) record.write({ f: 'watch', p: 'é' + n, conv: 'c', user: 'u' });
    setImmediate(() => process.kill(process.pid, 'SIGKILL'));`;
  const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', program]);
  assert.equal(signal, 'SIGKILL');
  const entries = [...readHistory(file)];
  assert.deepEqual([entries.length, entries.at(-1)?.f], [500, 'watch']);
});

const full = '/dev/full';
const skip = !existsSync(full) && 'NOT RUN: only Linux has a file that is always full';
test('what cannot be written down ends the run, as it has holes from then on', { skip }, async () => {
  const { promise: failed, resolve: fail } = Promise.withResolvers<unknown>();
  const record = openRecord(full, fail);
  record.write({ f: 'ended' });
  assert.match(String(await failed), /ENOSPC/);
  await record.close();
});
