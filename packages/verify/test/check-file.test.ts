import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { check } from '../src/check/check.ts';
import { readHistory } from '../src/read.ts';
import { report } from '../src/report.ts';
import { honestRun } from './model.ts';

const { entries } = honestRun(4, 1_000);
const lines = entries.map(entry => JSON.stringify(entry));

function fileOf(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'carpenter-history-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'history.jsonl');
  writeFileSync(file, text);
  return file;
}

test('a history is judged from its file as it was while it was written', t => {
  const file = fileOf(t, `${lines.join('\n')}\n`);
  assert.deepEqual(check(readHistory(file)), check(entries));
});

test('a history whose last line is torn was cut off', t => {
  const file = fileOf(t, lines.join('\n').slice(0, -3));
  const { proved, lines: judged } = check(readHistory(file));
  assert.equal(proved, false);
  assert.deepEqual(
    judged.flatMap(({ found }) => found.map(({ title }) => title)),
    ['history cut off'],
  );
});

test('what is no history is named with its line', t => {
  const broken = lines.with(6, '{"f":"made up"}');
  assert.throws(() => check(readHistory(fileOf(t, `${broken.join('\n')}\n`))), /history\.jsonl, line 7: /);
  assert.throws(() => check(readHistory(fileOf(t, `${lines[0]}\nhello\n`))), /line 2: this is not JSON/);
});

test('the report says what is proved, what was found and where, and how to see it again', () => {
  const proved = report(check(entries));
  assert.match(proved, /^## Every line of the promise is proved \(without disk-full\)\.$/m);
  assert.match(proved, /\| Durable \| proved \| \d+ acknowledged messages \|/);
  const again = 'npm run verify -- --seed 4 --minutes 0.1 --clients 5 --faults cut-sockets,freeze-node,disk-full';
  assert.match(proved, new RegExp(`^Again: \`${again}\`$`, 'm'));
  const [began, ...rest] = entries;
  assert.ok(began?.f === 'began');
  const faults = began.faults.filter(name => name !== 'disk-full');
  assert.match(
    report(check([{ ...began, faults, without: {} }, ...rest])),
    /^## Every line of the promise is proved\.$/m,
  );
  const there = report(check([{ ...began, faults: [], url: 'http://127.0.0.1:3000' }, ...rest]));
  assert.match(there, /--faults none --url http:\/\/127\.0\.0\.1:3000 --accounts FILE`$/m);

  const lost = entries.findLast(entry => entry.f === 'ok' && entry.op === 'send');
  const id = lost?.f === 'ok' ? lost.row?.id : undefined;
  const without = entries.map(entry =>
    entry.f === 'final' && entry.how !== 'view' ? { ...entry, rows: entry.rows.filter(row => row.id !== id) } : entry,
  );
  const refuted = report(check(without));
  assert.match(refuted, /^## Not proved: Durable refuted\./);
  assert.match(
    refuted,
    /### acknowledged message lost\n- node a \(paged\) does not have it in the end\..*; lines \d+, \d+/,
  );

  const quiet = entries.filter(entry => !('op' in entry && entry.op === 'probe') && entry.f !== 'member');
  assert.match(report(check(quiet)), /\| Private \| not tried \|/);
});
