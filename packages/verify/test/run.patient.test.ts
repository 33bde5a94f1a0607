import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { house } from '../../server/test/house.ts';
import { account, password } from '../../server/test/people.ts';
import { entry } from '../src/history.ts';
import { judge, run } from '../src/index.ts';
import { passwordBegin } from '../src/world/accounts.ts';

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'verify-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
const worlds = () => readdirSync(tmpdir()).filter(name => name.startsWith(`carpenter-verify-${process.pid}-`));

test('promises 1, 2, 3, 4, 5 and 6: a node and its database are killed, the node stops in order and links break, and a run proves every line; whoever hides one message from its end is refuted; no log holds what opens a door or what somebody wrote', async t => {
  const history = join(folderFor(t), 'run.jsonl');
  const faults = ['kill-node', 'restart-node', 'kill-postgres', 'cut-sockets', 'cut-database'];
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  await run({ minutes: 0.3, seed: 1, clients: 10, faults, history, say, signal: AbortSignal.timeout(160_000) });
  const verdict = judge(history);
  assert.ok(verdict.proved, verdict.words);
  assert.deepEqual(worlds(), [], 'nothing is left behind');
  assert.match(said[0] ?? '', /^seed 1: /);

  const log = readFileSync(`${history}.log`, 'utf8');
  assert.ok(log.includes('"msg":"connected"') && log.includes('SIGTERM'), 'it says what happened');
  const secrets = [new RegExp(passwordBegin), accessToken, textOfARun];
  const telling = log.split('\n').find(line => secrets.some(secret => secret.test(line)));
  assert.equal(telling, undefined);

  const lost = join(folderFor(t), 'lost.jsonl');
  writeFileSync(lost, withoutOneMessage(readFileSync(history, 'utf8')));
  const refuted = judge(lost);
  assert.ok(!refuted.proved);
  assert.match(refuted.words, /acknowledged message lost/);
});

/** With its signature. */
const accessToken = /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/;
const textOfARun = /c\d+ says \d+/;

/** The history as it would be, had the server forgotten the last message that it acknowledged. */
function withoutOneMessage(history: string): string {
  const entries = history.split('\n').flatMap(line => (line === '' ? [] : [entry.parse(JSON.parse(line))]));
  const acked = entries.findLast(one => one.f === 'ok' && one.op === 'send');
  assert.ok(acked?.f === 'ok' && acked.row);
  const { id } = acked.row;
  return entries
    .map(one => (one.f === 'final' ? { ...one, rows: one.rows.filter(row => row.id !== id) } : one))
    .map(one => `${JSON.stringify(one)}\n`)
    .join('');
}

test('an installation that is there is tried over links alone, and the run names what it went without', async t => {
  const { url } = await house(t);
  const accounts = ['ana', 'ben', 'eva', 'max'].map(username => ({ username, password }));
  for (const { username } of accounts) await account(url, username);
  const history = join(folderFor(t), 'run.jsonl');
  const faults = ['cut-sockets', 'kill-node'];
  const signal = AbortSignal.timeout(100_000);
  await run({ minutes: 0.15, seed: 1, clients: 5, faults, history, there: { url, accounts }, say: () => {}, signal });
  const { proved, words } = judge(history);
  assert.ok(proved, words);
  assert.match(words, /cut-sockets [1-9]/);
  assert.match(words, /kill-node: that takes a world of our own/);
});

test('a run of which a client can go on no more fails with what it met', async t => {
  const { url } = await house(t);
  const accounts = ['ana', 'ben'].map(username => ({ username, password }));
  const [ana] = [await account(url, 'ana'), await account(url, 'ben')];
  const history = join(folderFor(t), 'run.jsonl');
  let changed: Promise<{ status: number }> | undefined;
  const say = (line: string) => {
    if (!/nothing is broken/.test(line)) return;
    changed ??= ana.http('POST', '/auth/password', { current: password, next: `${password}, and another` });
  };
  const there = { url, accounts };
  const signal = AbortSignal.timeout(100_000);
  const running = run({ minutes: 5, seed: 1, clients: 2, faults: [], history, there, say, signal });
  await assert.rejects(running, /^Error: ana: /);
  assert.equal((await changed)?.status, 204);
});

test('a run that is ended early fails, and leaves nothing behind', async t => {
  const history = join(folderFor(t), 'run.jsonl');
  const stop = new AbortController();
  const say = (line: string) => {
    if (/nothing is broken/.test(line)) stop.abort(new Error('enough'));
  };
  const running = run({ minutes: 5, seed: 1, clients: 2, faults: [], history, say, signal: stop.signal });
  await assert.rejects(running, /enough/);
  assert.deepEqual(worlds(), []);
  const { proved, words } = judge(history);
  assert.ok(!proved, words);
});
