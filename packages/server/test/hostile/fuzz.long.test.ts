import { test } from 'node:test';
import { fuzz } from './fuzz/fuzz.ts';

// FUZZ_SEED=7 npm run test:long -- hostile/fuzz, or FUZZ_MINUTES=10 in its place or beside it
test('a million inputs, or as many as go into the minutes that are given', async t => {
  const { FUZZ_SEED: seed = Date.now() % 1e9, FUZZ_MINUTES: minutes } = process.env;
  await fuzz(t, { seed: Number(seed), inputs: minutes ? Infinity : 1e6, minutes: Number(minutes ?? 55) });
});
