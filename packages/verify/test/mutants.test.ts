import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { faultNames } from '../src/index.ts';
import { broken } from './mutants/copy.ts';
import { control, mutants } from './mutants/mutants.ts';

// They are run by `npm run test:long -- mutants`, for a quarter of an hour. Here only: they still break what they are made for.
const packages = fileURLToPath(new URL('../../', import.meta.url));

test('each mutant finds its place in the sources', () => {
  for (const { cuts } of mutants) {
    const files = new Map<string, string>();
    for (const cut of cuts) {
      const before = files.get(cut.file) ?? readFileSync(packages + cut.file, 'utf8');
      files.set(cut.file, broken(before, cut));
    }
  }
});

test('each mutant waits for findings and faults that there are', () => {
  const rules = globSync('verify/src/check/*.ts', { cwd: packages }).map(file => readFileSync(packages + file, 'utf8'));
  for (const { name, found } of mutants) {
    assert.ok(found.length > 0, name);
    for (const title of found)
      assert.ok(
        rules.some(rule => rule.includes(`'${title}'`)),
        `${name}: "${title}"`,
      );
  }
  assert.deepEqual(
    control.faults.filter(fault => !faultNames.includes(fault)),
    [],
  );
});
