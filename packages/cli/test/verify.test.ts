import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { faultNames } from '@carpenter/verify';
import { UsageError } from '../src/usage-error.ts';
import { verify } from '../src/verify.ts';
import { begin, carpenter } from './carpenter.ts';

function fileOf(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'verify-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'file');
  writeFileSync(file, text);
  return file;
}

const refuses = (args: string[], words: RegExp) =>
  assert.rejects(verify(args), (error: unknown) => {
    assert.ok(error instanceof UsageError, String(error));
    assert.match(error.message, words);
    return true;
  });

test('what verify does not understand it says in words, before anything is started', async t => {
  await refuses(['--minute', '1'], /--minute/);
  await refuses(['now'], /now/);
  await refuses(['--minutes', '0'], /^--minutes must be a number from 0\.1 to 1440, not "0"\.$/);
  await refuses(['--clients', '1'], /^--clients must be a whole number from 2 to 2000, not "1"\.$/);
  await refuses(['--seed', '-5'], /--seed/);
  await refuses(
    ['--faults', 'kill-node,burn-down'],
    /^There is no fault "burn-down"\. There are all, none, and: kill-node, /,
  );
  await refuses(['--url', 'http://127.0.0.1:3000'], /--url and --accounts go together/);
  const accounts = fileOf(t, 'ana,a password\nben,another, with a comma\n');
  await refuses(['--url', 'https://chat.example.org', '--accounts', accounts], /without TLS/);
  await refuses(['--url', 'http://127.0.0.1:3000', '--accounts', fileOf(t, 'ana,one\nben')], /line 2: there is no/);
  await refuses(['--url', 'http://127.0.0.1:3000', '--accounts', fileOf(t, 'ana,one\n')], /at least two/);
  await refuses(['--check', '/nowhere/at all'], /^There is no file/);
  await refuses(
    ['--check', accounts, '--seed', '1'],
    /^--check judges a history that is there: --seed is for a run\.$/,
  );
  await refuses(['--check', accounts], /line 1: this is not JSON/);
});

test('a history that was cut off proves nothing', async t => {
  t.mock.method(console, 'log', () => {});
  const began = { f: 'began', t: 0, version: '1', seed: 1, clients: 2, nodes: 1, minutes: 1, faults: [], without: {} };
  assert.equal(await verify(['--check', fileOf(t, `${JSON.stringify(began)}\n`)]), 1);
});

/** Where nobody gets in: every answer is that the server is busy. `asked`: somebody has tried. */
async function closed(t: TestContext) {
  const problem = { type: '', title: '', status: 503, code: 'overloaded', detail: 'The server is busy.' };
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const server = createServer((_request, response) => {
    ask();
    response.writeHead(503).end(JSON.stringify(problem));
  });
  t.after(() => void server.close().closeAllConnections());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  const accounts = fileOf(t, 'ana,a password\nben,another\n');
  const history = fileOf(t, '');
  const there = ['--url', `http://127.0.0.1:${address.port}`, '--accounts', accounts, '--history', history];
  return { asked, args: ['verify', '--faults', 'none', '--minutes', '0.1', ...there] };
}

test('a run that is ended while its clients log in ends, and is no verdict', async t => {
  const { asked, args } = await closed(t);
  const { child, ended } = begin(args);
  t.after(() => child.kill('SIGKILL'));
  await asked;
  child.kill('SIGTERM');
  const { code, err } = await ended;
  assert.equal(code, 3, err);
  assert.match(err, /SIGTERM: ended early\nThe run failed, which says nothing about the promise\./);
});

test('however often a run fails, that is no verdict', async t => {
  const { args } = await closed(t);
  const fails = `setInterval(() => {
    if (process.listenerCount('SIGTERM') > 0) throw new Error('broken'); // for as long as it goes on
  }, 5).unref()`;
  const { child, ended } = begin(args, {
    NODE_OPTIONS: `--import="data:text/javascript,${encodeURIComponent(fails)}"`,
  });
  t.after(() => child.kill('SIGKILL'));
  const { code, err } = await ended;
  assert.equal(code, 3, err);
  assert.match(err, /^broken\nThe run failed/m);
});

test('the words of --help name every fault there is', async () => {
  const { out } = await carpenter(['--help'], {});
  assert.ok(out.replaceAll(/\s+/g, '').includes(faultNames.join(',')));
});
