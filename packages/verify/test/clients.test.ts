import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { proxyTo } from '../../client/test/proxy.ts';
import { house } from '../../server/test/house.ts';
import { account, password } from '../../server/test/people.ts';
import { type Entry, type EntryOf, entry } from '../src/history.ts';
import { startLoad } from '../src/load.ts';
import { openRecord } from '../src/record.ts';
import { randomOf } from '../src/world/random.ts';

function recordIn(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'verify-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'history.jsonl');
  const record = openRecord(file);
  const read = (): Entry[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap(line => (line === '' ? [] : entry.parse(JSON.parse(line))));
  return { record, read };
}

const only = <F extends Entry['f']>(entries: readonly Entry[], f: F) =>
  entries.filter((e): e is EntryOf<F> => e.f === f);

test('people write while their links are cut, and the history tells all of it', async t => {
  const { url } = await house(t);
  const { record, read } = recordIn(t);
  const names = Array.from({ length: 8 }, (_, i) => `person${i}`);
  for (const name of names) await account(url, name);
  const ways = await Promise.all(
    names.map(async client => ({ client, throttle: () => {}, ...(await proxyTo(t, url)) })),
  );
  const random = randomOf(Number(process.env.SEED ?? 1));
  const accounts = names.map(username => ({ username, password }));
  const load = await startLoad({ record, random, ways, accounts, nodeOf: () => 'a' });
  for (let n = 0; n < Number(process.env.TIMES ?? 8); n++) {
    const way = random.pick(ways);
    await pause(500);
    way.cut();
    way.heal();
  }
  await load.stop(20_000);
  await load.finals(url, 'a');
  await load.end();
  await record.close();

  const entries = read();
  const counts = Object.groupBy(entries, e => e.f);
  t.diagnostic(JSON.stringify(Object.fromEntries(Object.entries(counts).map(([f, e]) => [f, e?.length]))));
  const sent = new Map(
    only(entries, 'invoke')
      .filter(e => e.op === 'send')
      .map(e => [e.n, e.clientId]),
  );
  const stored = new Set(only(entries, 'ok').flatMap(e => (e.op === 'send' ? [sent.get(e.n)] : [])));
  assert.ok(stored.size > 20, `${stored.size} messages were stored`);
  const open = [...sent].filter(([, clientId]) => !stored.has(clientId));
  assert.deepEqual(
    entries.filter(e => 'n' in e && open.some(([n]) => n === e.n)),
    [],
    'each that was begun came to an end',
  );
});
