import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { faultNames, judge, run } from '../src/index.ts';

test('promises 1, 2, 3, 4, 5 and 6: three minutes of every fault there is, and every line is proved', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'verify-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const history = join(folder, 'run.jsonl');
  const say = (line: string) => t.diagnostic(line);
  const signal = AbortSignal.timeout(900_000);
  await run({ minutes: 3, seed: 1, clients: 40, faults: faultNames, history, say, signal });
  const { proved, words } = judge(history);
  t.diagnostic(words);
  assert.ok(proved, words);
});
