import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { check, type Verdict } from '../src/check/check.ts';
import type { Entry } from '../src/history.ts';
import { randomOf } from '../src/world/random.ts';
import { lies } from './lies/index.ts';
import { byTime, of, pick, quiet, swap } from './lies/lie.ts';
import { honestRun } from './model.ts';

const titles = (verdict: Verdict): string[] =>
  verdict.lines.flatMap(({ found }) => found.map(({ title }) => title)).sort();

test('an honest run is proved, line by line', () => {
  const verdict = check(honestRun(1, 4_000).entries);
  assert.deepEqual(titles(verdict), []);
  assert.equal(verdict.proved, true);
});

const run = honestRun(2, 2_000);
for (const { title, plant } of lies) {
  test(`a lie is found, and nothing else: ${title}`, () => {
    const random = randomOf(2); // its own: what is planted elsewhere moves nothing here
    let planted = 0;
    for (let tries = 0; tries < 20 && planted < 2; tries += 1) {
      const told = plant(run.entries, random);
      if (!told) continue;
      planted += 1;
      const verdict = check(told);
      assert.deepEqual(titles(verdict), [title]);
      assert.equal(verdict.proved, false);
    }
    assert.ok(planted > 0, 'this history has a place for it');
  });
}

test('an honest run is proved in which a client without a connection leaves what it tried, and no fault was on', () => {
  const random = randomOf(5);
  const { p, conv } = pick(random, of(run.entries, 'watch'));
  const t = quiet(run.entries, random);
  const tried = { p, n: 1_000_000, op: 'send', conv } as const;
  const left = { code: 'client.closed', words: 'This client was closed.' };
  const entries = byTime([
    ...run.entries,
    { f: 'close', t, p, code: 4409, words: 'You were logged out.', by: 'server' },
    { f: 'invoke', t: t + 10, ...tried, clientId: 'left', text: 'left' },
    { f: 'info', t: t + 20, ...tried, clientId: 'left', ...left },
    { f: 'open', t: t + 400, p, node: 'node a' },
  ]);
  assert.deepEqual(titles(check(entries)), []);
});

test('an honest run is proved in which an answer begins anew, and has a message as it is a moment after its rev', () => {
  const told = pick(
    randomOf(6),
    of(run.entries, 'deliver').filter(({ row }) => row),
  );
  const { t, p, conv, rev, row } = told;
  assert.ok(row);
  const asked = run.entries.find(entry => shows(entry, conv) >= rev)?.t ?? t;
  const anew = { f: 'sync', t, p, asked, conv, since: 0, rev: rev - 1, lastSeq: row.seq, reset: true } as const;
  assert.deepEqual(titles(check(swap(run.entries, told, { ...anew, rows: [row] }, told))), []);
});

/** How far this conversation is known to have come. */
function shows(entry: Entry, conv: string): number {
  if (!('conv' in entry) || entry.conv !== conv) return 0;
  if (entry.f === 'ok') return entry.row?.rev ?? 0;
  return entry.f === 'deliver' || entry.f === 'sync' ? entry.rev : 0;
}

test('whatever honest run: it is proved, and a lie of any kind at any place of it is found', () => {
  const seed = fc.integer({ min: 1, max: 2 ** 31 });
  fc.assert(
    fc.property(seed, fc.constantFrom(...lies), (seed, lie) => {
      const { entries } = honestRun(seed, 1_000);
      assert.deepEqual(titles(check(entries)), []);
      const told = lie.plant(entries, randomOf(seed));
      if (told) assert.deepEqual(titles(check(told)), [lie.title]);
    }),
    { numRuns: 25 },
  );
});

test('an honest run of 100,000 entries is proved in seconds', () => {
  const { entries } = honestRun(3, 100_000);
  const before = process.cpuUsage().user;
  const verdict = check(entries);
  const seconds = (process.cpuUsage().user - before) / 1_000_000;
  assert.deepEqual(titles(verdict), []);
  assert.ok(seconds < 6, `it took ${seconds.toFixed(1)} s of one core`);
});
