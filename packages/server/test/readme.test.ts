import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { variables } from '../src/config.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = globSync(['*.md', '{docs,deploy,bench}/*.md', 'packages/*/README.md', 'packages/*/src/*/README.md'], {
  cwd: root,
});

test('README lists every variable with its default and what it does, and none that is not read', () => {
  const [, table = ''] = read('README.md').split('\n## Configuration\n');
  const listed = table.split('\n').filter(line => line.startsWith('| `'));
  const real = variables.map(({ name, shown, means }) => `| \`${name}\` | ${shown && `\`${shown}\``} | ${means} |`);
  assert.deepEqual(listed, real);
});

test('every npm script that a page names exists', () => {
  const { scripts } = JSON.parse(read('package.json'));
  for (const page of pages) {
    for (const [, script = ''] of read(page).matchAll(/npm (?:run )?(start|test|(?<=run )[\w:-]+)/g)) {
      assert.ok(script in scripts, `${page}: ${script}`);
    }
  }
});

test('every link from one page of ours to another leads somewhere', () => {
  for (const page of pages) {
    for (const [, target = ''] of read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)/g)) {
      if (target === '') continue; // a place on the same page
      assert.ok(existsSync(join(root, dirname(page), target)), `${page}: ${target}`);
    }
  }
});

test('docs/guarantees.md names a test for each promise, and every test of a promise', () => {
  const [, ...promises] = read('docs/guarantees.md').split(/^## /m);
  assert.equal(promises.length, 6);
  const named = promises.map(text => [...text.matchAll(/^- `([^`]+)`/gm)].map(([, file = '']) => file));
  for (const [i, files] of named.entries()) {
    assert.ok(files.length > 0, `promise ${i + 1}`);
    for (const file of files) assert.ok(existsSync(join(root, file)), file);
  }
  for (const file of globSync('packages/*/test/**/*.test.ts', { cwd: root })) {
    for (const [, numbers = ''] of read(file).matchAll(/^test\('promises? ([\d, and]+):/gm)) {
      for (const n of numbers.match(/\d/g) ?? []) {
        assert.ok(named[Number(n) - 1]?.includes(file), `docs/guarantees.md does not name ${file} under promise ${n}`);
      }
    }
  }
});
