// npm test            the checks, then all tests
// npm test -- NAME    only test files whose path holds NAME, or else only tests whose title does
// npm run test:long   only the long forms (*.long.test.ts), one after the other; takes a NAME, too
import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { CannotStart } from '../packages/server/src/cannot-start.ts';
import { ensureWebClient } from '../packages/server/src/web-client.ts';
import { scratch, startCluster } from '../packages/server/test/cluster.ts';
import { root } from './run.ts';

const words = process.argv.slice(2);
const long = words[0] === '--long';
const name = words.slice(long ? 1 : 0).join(' ');
const selection = select(name);

if (!name && !long) await import('./check.ts');
if (process.exitCode) process.exit();
const page = await buildPage();
process.exitCode = page === 'broken' && !name ? 1 : await withDatabase(runTests);

function select(name: string): string[] {
  const all = globSync('packages/*/test/**/*.test.ts', { cwd: root }).sort();
  const files = all.filter(file => file.endsWith('.long.test.ts') === long);
  if (!name) return files;
  const byPath = files.filter(file => file.includes(name));
  if (byPath.length > 0) return byPath;
  const byTitle = files.filter(file => readFileSync(join(root, file), 'utf8').includes(name));
  if (byTitle.length > 0) return ['--test-name-pattern', literally(name), ...byTitle];
  console.error(`No test file and no title holds "${name}".`);
  process.exit(1);
}

/** Browser tests need it. A page that is broken for the moment is no reason not to run one test of the server. */
async function buildPage(): Promise<'built' | 'broken'> {
  try {
    await ensureWebClient(console.log);
    return 'built';
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error;
    console.error(error.message);
    return 'broken';
  }
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** One PostgreSQL for all files; each makes databases of its own in it. */
async function withDatabase(work: (url: string) => Promise<number>): Promise<number> {
  const cluster = await startCluster();
  try {
    return await work(cluster.url);
  } finally {
    await cluster.stop();
  }
}

function runTests(url: string): Promise<number> {
  const concurrency = long ? 1 : Math.max(2, availableParallelism());
  const timeoutMs = long ? 3_600_000 : 180_000;
  const options = [
    '--test',
    '--test-reporter=spec',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${timeoutMs}`,
  ];
  const env = {
    ...process.env,
    TEST_DATABASE_URL: url,
    TMPDIR: scratch,
    NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'), // a second of each file's two is compiling
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...options, ...selection], { cwd: root, env, stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('exit', code => resolve(code ?? 1));
  });
}
