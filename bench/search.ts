// Searching a firm's talk, through the HTTP door, one search after another.
//   node bench/search.ts [--messages 1000000] [--rounds 20]
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Id } from '@carpenter/protocol';
import { createTokens } from '../packages/server/src/auth/tokens.ts';
import { createMemoryBus } from '../packages/server/src/bus/memory.ts';
import { startEmbedded } from '../packages/server/src/embedded/start.ts';
import { v7 } from '../packages/server/src/ids.ts';
import { createLog } from '../packages/server/src/log.ts';
import { findBehind, follow } from '../packages/server/src/store/aside.ts';
import { openConnection, openPool } from '../packages/server/src/store/database.ts';
import { migrate } from '../packages/server/src/store/migrate.ts';
import { searchIndex } from '../packages/server/src/store/search-index.ts';
import { insertSession } from '../packages/server/src/store/sessions.ts';
import { fillCorpus } from './corpus.ts';
import { secret, startServer } from './world.ts';

const { values } = parseArgs({
  options: { messages: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '20' } },
});
const messages = Number(values.messages);
const rounds = Number(values.rounds);

const folder = mkdtempSync(join(tmpdir(), 'carpenter-bench-'));
chmodSync(folder, 0o711); // an unprivileged PostgreSQL has to pass through
const log = createLog('error');
const embedded = await startEmbedded(folder, log);
await migrate(embedded.url);
const db = openPool(embedded.url, log);
const writer = await openConnection(embedded.url, 'bench', {}, 600_000);
const corpus = await fillCorpus(writer, messages);
await writer.query('ANALYZE');

const from = performance.now();
const indexing = follow(embedded.url, createMemoryBus(log), log, searchIndex);
while ((await findBehind(writer, 'search')).length > 0) await new Promise(resolve => setTimeout(resolve, 1_000));
const seconds = (performance.now() - from) / 1_000;
await indexing.close();
await writer.query('VACUUM ANALYZE message_search');
const { rows: sizes } = await writer.query<{ name: string; size: string }>(
  `SELECT relname AS name, pg_size_pretty(pg_total_relation_size(oid)) AS size FROM pg_class
    WHERE relname IN ('messages', 'message_search', 'search_words') ORDER BY 1`,
);
console.log(`${messages} messages indexed in ${Math.round(seconds)} s, half of which it rests`);
console.log(`  with indexes: ${sizes.map(({ name, size }) => `${name} ${size}`).join(', ')}`);

const { words } = corpus;
const word = (rank: number): string => words[rank] ?? '';
/** By what they ask for; `i` goes from 0 on. */
const kinds: Record<string, (i: number) => Record<string, string>> = {
  'a common word': i => ({ q: word(i * 9) }),
  'a rare word': i => ({ q: word(4_000 + i * 700) }),
  'two words': i => ({ q: `${word(20 + i)} ${word(300 + i * 10)}` }),
  'the beginning of a word': i => ({ q: word(2_000 + i * 50).slice(0, 4) }),
  'a part of a word': i => ({ q: word(5_000 + i * 300).slice(2, 7) }),
  'a phrase': i => ({ q: `"${word(i)} ${word(i + 1)}"` }),
  'a typing error': i => ({ q: word(4_000 + i * 700).replace(/^(..)./, '$1') }),
  'the best': i => ({ q: word(10 + i * 9), sort: 'best' }),
  'the best, two words': i => ({ q: `${word(10 + i)} ${word(90 + i)}`, sort: 'best' }),
  'by somebody': i => ({ q: `from:person${i + 5} ${word(i)}` }),
  'within a month': i => ({ q: `${word(5 + i)} during:2026-0${1 + (i % 9)}` }),
  'what there is not': i => ({ q: `qqq${word(i)}` }),
};

const tokens = createTokens(secret, 86_400);
async function tokenOf(userId: Id): Promise<string> {
  const session = { id: v7(), userId, device: 'bench' };
  await insertSession(db, session);
  return (await tokens.issueAccess({ userId, username: 'bench', sessionId: session.id })).token;
}
const askers = { 'in 12 of 1,000 rooms': corpus.somebody, 'in all of them': corpus.everywhere };
const server = await startServer(embedded.url);
const all: number[] = [];
for (const [name, userId] of Object.entries(askers)) {
  const headers = { authorization: `Bearer ${await tokenOf(userId)}` };
  const ask = async (query: Record<string, string>) => {
    const began = performance.now();
    const answer = await fetch(`${server.url}/api/v1/search?${new URLSearchParams({ ...query, limit: '20' })}`, {
      headers,
    });
    const body = await answer.json();
    if (!answer.ok) throw new Error(JSON.stringify(body));
    return performance.now() - began;
  };
  for (let i = 0; i < 5; i++) await ask({ q: word(i) }); // connections and caches
  for (const [kind, query] of Object.entries(kinds)) {
    const times: number[] = [];
    for (let i = 0; i < rounds; i++) times.push(await ask(query(i)));
    all.push(...times);
    console.log(`  ${name.padEnd(22)} ${kind.padEnd(26)} p50 ${at(times, 0.5)}  p95 ${at(times, 0.95)} ms`);
  }
}
console.log(`all ${all.length} searches: p50 ${at(all, 0.5)}, p95 ${at(all, 0.95)}, p99 ${at(all, 0.99)} ms`);

server.child.kill('SIGTERM');
await new Promise(resolve => server.child.once('exit', resolve));
await Promise.all([db.end(), writer.end()]);
await embedded.stop();
rmSync(folder, { recursive: true, force: true });

function at(times: readonly number[], share: number): string {
  const sorted = times.toSorted((a, b) => a - b);
  return (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(0);
}
