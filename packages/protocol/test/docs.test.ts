import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  api,
  apiPrefix,
  type Close,
  closes,
  commandTypes,
  defaultLimits,
  event,
  protocolVersion,
  type RefusalCode,
  type Route,
  refusalCodes,
  refusals,
  systemEvent,
} from '../src/index.ts';

const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');

/** Cells of the first table under a heading, row by row, without its two head lines. */
function table(heading: string): string[][] {
  const [, section = ''] = page.split(`\n${heading}\n`);
  const [before = ''] = section.split(/\n#+ /);
  const rows = before.split('\n').filter(line => line.startsWith('|'));
  return rows.slice(2).map(row =>
    row
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim()),
  );
}
const bare = (cell = ''): string => cell.replaceAll('`', '');
const names = (heading: string): string[] => table(heading).map(([name]) => bare(name));

test('docs/protocol.md names every command, and none that is not', () => {
  assert.deepEqual(names('### Commands (client to server)'), [...commandTypes]);
});

test('docs/protocol.md names every event with every field it has, and none that is not', () => {
  const rows = table('### Events (server to client)');
  assert.deepEqual(
    rows.map(([name]) => bare(name)),
    event.options.map(option => option.shape.type.value),
  );
  for (const option of event.options) {
    const { type, ref: _, ...fields }: Record<string, unknown> = option.shape;
    const [, told = ''] = rows.find(([name]) => bare(name) === option.shape.type.value) ?? [];
    for (const field of Object.keys(fields))
      assert.match(told, new RegExp(`\`${field}\\??\``), `${option.shape.type.value}: ${field}`);
  }
});

test('docs/protocol.md names every kind of system message', () => {
  const [, named = ''] = /`system\?` \(what happened: ([^)]*)\)/.exec(page) ?? [];
  const kinds = systemEvent.options.map(option => option.shape.kind.value);
  assert.deepEqual(named.split(/,\s/).map(bare), kinds);
});

test('docs/protocol.md names every route with its answers and refusals, and none that is not', () => {
  assert.ok(page.includes(`Prefix \`${apiPrefix}\``));
  const documented = table('## 4. HTTP').map(([route, , answers = '', own = '']) => ({
    route: bare(route),
    answers: answers.split(', ').map(Number),
    refusals: own.split(' ').map(bare).filter(Boolean),
  }));
  const real = Object.values<Route>(api).map(({ method, path, answers, refusals = [] }) => ({
    route: `${method} ${path}`,
    answers: Object.keys(answers).map(Number),
    refusals,
  }));
  assert.deepEqual(documented, real);
  const open = Object.values<Route>(api)
    .filter(route => route.open)
    .map(({ path }) => `\`${path}\``);
  assert.ok(page.includes(`${open.slice(0, -1).join(', ')} and ${open.at(-1)} are open`));
});

test('docs/protocol.md has every refusal with its status and its words, and none that is not', () => {
  const rows = table('## 5. Refusals');
  assert.deepEqual(
    rows.map(([code]) => bare(code)),
    refusalCodes,
  );
  for (const [name, status, words = ''] of rows) {
    const code = bare(name);
    assert.ok(isRefusal(code));
    assert.equal(Number(status), refusals[code].status, code);
    // what stands between the places that are filled in is the same in both
    const source = String(refusals[code].words);
    for (const part of words.split('…')) assert.ok(source.includes(part.trim()), `${code}: ${part}`);
  }
});

const isRefusal = (code: string): code is RefusalCode => code in refusals;

test('docs/protocol.md has every close code with its name and what to do, and none that is not', () => {
  const todo: Record<Close['action'], RegExp> = {
    stay: /nothing/,
    fix: /fix/,
    reconnect: /reconnect/,
    login: /log in/,
    stop: /stop/,
  };
  const rows = table('### Close codes').map(([code, name, , should = '']) => ({
    code: Number(code),
    name: bare(name),
    should,
  }));
  assert.deepEqual(
    rows.map(({ code, name }) => [code, name]),
    Object.entries(closes).map(([name, { code }]) => [code, name]),
  );
  for (const [i, { action, code }] of Object.values<Close>(closes).entries())
    assert.match(rows[i]?.should ?? '', todo[action], `${code}`);
});

test('docs/protocol.md tells the version and the limits that hold', () => {
  assert.ok(page.startsWith(`# The wire protocol, version ${protocolVersion}\n`));
  const { textMaxChars, frameMaxBytes, syncGap, syncPage } = defaultLimits;
  for (const limit of [textMaxChars, frameMaxBytes, syncGap, syncPage])
    assert.ok(page.includes(limit.toLocaleString('en')), `${limit}`);
});
