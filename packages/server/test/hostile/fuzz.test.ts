import { test } from 'node:test';
import { fuzz } from './fuzz/fuzz.ts';

test('promise 6: whatever is thrown at the doors, each gets an answer or an end in words, and the talk beside it goes on', async t => {
  await fuzz(t, { seed: 1, inputs: 20_000, minutes: 2 });
});
