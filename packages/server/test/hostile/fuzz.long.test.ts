import { test } from 'node:test';
import { fuzz } from './fuzz/fuzz.ts';

// FUZZ_SEED=7 npm run test:long -- fuzz
test('a million inputs', async t => {
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1e9);
  await fuzz(t, { seed, inputs: Number(process.env.FUZZ_INPUTS ?? 1e6), minutes: 55 });
});
