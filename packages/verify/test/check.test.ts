import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { check, type Verdict } from '../src/check/check.ts';
import { randomOf } from '../src/world/random.ts';
import { lies } from './lies/index.ts';
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
    let planted = 0;
    for (let tries = 0; tries < 20 && planted < 2; tries += 1) {
      const told = plant(run.entries, run.random);
      if (!told) continue;
      planted += 1;
      const verdict = check(told);
      assert.deepEqual(titles(verdict), [title]);
      assert.equal(verdict.proved, false);
    }
    assert.ok(planted > 0, 'this history has a place for it');
  });
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
