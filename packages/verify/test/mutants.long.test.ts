import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyOf } from './mutants/copy.ts';
import { control, mutants } from './mutants/mutants.ts';

// MUTANT_SEED=7 npm run test:long -- mutants; docs/guarantees.md says how many of how many runs found each
const seed = Number(process.env.MUTANT_SEED ?? 1);

for (const { name, cuts, load, found } of mutants) {
  test(`carpenter verify finds a server of which this is true: ${name}`, async t => {
    const copy = copyOf(t);
    for (const cut of cuts) copy.cut(cut);
    const { code, titles, words } = await copy.verify(load, seed);
    t.diagnostic(`seed ${seed}: ${titles.join(', ')}`);
    assert.equal(code, 1, words);
    assert.ok(
      titles.some(title => found.includes(title)),
      words,
    );
  });
}

test('carpenter verify proves the server as it is, under all that the mutants were tried under', async t => {
  const { code, words } = await copyOf(t).verify(control, seed);
  assert.equal(code, 0, words);
});
