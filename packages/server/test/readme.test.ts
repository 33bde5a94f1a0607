import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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

/** Those that the titles of its tests begin with: `promise 1: …`, `promises 2 and 3: …`. */
const promisesOf = (file: string): Set<number> =>
  new Set(
    [...read(file).matchAll(/test\(\s*['`]promises? ([\d, and]+):/g)].flatMap(([, numbers = '']) =>
      (numbers.match(/\d/g) ?? []).map(Number),
    ),
  );

test('docs/guarantees.md names a test for each promise, and every test of a promise', () => {
  const promises = read('docs/guarantees.md')
    .split(/^## /m)
    .filter(text => /^\d/.test(text));
  assert.equal(promises.length, 6);
  const named = promises.map(text => [...text.matchAll(/^- `([^`]+)`/gm)].map(([, file = '']) => file));
  for (const [i, files] of named.entries()) {
    assert.ok(files.length > 0, `promise ${i + 1}`);
    for (const file of files) assert.ok(promisesOf(file).has(i + 1), `${file} has no test of promise ${i + 1}`);
  }
  for (const file of globSync('packages/*/test/**/*.test.ts', { cwd: root })) {
    for (const n of promisesOf(file))
      assert.ok(named[n - 1]?.includes(file), `docs/guarantees.md does not name ${file} under promise ${n}`);
  }
});

test('every test that docs/security.md names is there, and every line says whether it is met', () => {
  const tests = new Set(globSync('packages/*/test/**/*.test.ts', { cwd: root }).map(path => basename(path)));
  const page = read('docs/security.md');
  const named = [...page.matchAll(/`([\w-]+\.test\.ts)`/g)].map(([, name = '']) => name);
  assert.ok(named.length > 50);
  for (const name of named) assert.ok(tests.has(name), name);
  const lines = page.split('\n').filter(line => /^\| \d/.test(line));
  for (const line of lines)
    assert.match(line, /^\| [\d., –]+ \| [^|]+ \| (met|in part|not met|not ours) \| [^|]*\|$/, line);
  const items = lines.flatMap(line => itemsOf(line.split('|')[1] ?? ''));
  assert.equal(new Set(items).size, items.length, 'no item twice');
  const counts = {
    '4.1': 5,
    '4.2': 5,
    '4.3': 2,
    '4.4': 4,
    '5.1': 1,
    '5.2': 6,
    '5.3': 3,
    '5.4': 3,
    '6.1': 3,
    '6.2': 12,
    '6.3': 8,
  };
  const more = {
    '6.4': 6,
    '7.1': 3,
    '7.2': 4,
    '7.3': 2,
    '7.4': 5,
    '7.5': 3,
    '8.1': 4,
    '8.2': 4,
    '8.3': 3,
    '8.4': 2,
    '9.1': 3,
    '9.2': 4,
  };
  for (const [section, count] of Object.entries({ ...counts, ...more })) {
    assert.equal(items.filter(item => item.startsWith(`${section}.`)).length, count, section);
  }
});

/** `9.1.1 – 9.1.3` and `6.1.2, 6.2.11`, one by one. */
const itemsOf = (text: string): string[] =>
  text.split(',').flatMap(part => {
    const [first = '', last] = part.split('–').map(item => item.trim());
    if (last === undefined || first.split('.').length < 3) return [first];
    const stem = first.slice(0, first.lastIndexOf('.'));
    const [from, to] = [first, last].map(item => Number(item.slice(item.lastIndexOf('.') + 1)));
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => `${stem}.${Number(from) + i}`);
  });
