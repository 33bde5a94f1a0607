// npm test            the checks, then all tests
// npm test -- NAME    only test files whose path holds NAME, or else only tests whose title does
import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { CannotStart } from '../packages/server/src/cannot-start.ts';
import { ensureWebClient } from '../packages/server/src/web-client.ts';
import { scratch, startCluster } from '../packages/server/test/cluster.ts';
import { root } from './run.ts';

const name = process.argv.slice(2).join(' ');
const selection = select(name);

if (!name) await import('./check.ts');
if (process.exitCode) process.exit();
const page = await buildPage();
process.exitCode = page === 'broken' && !name ? 1 : await withDatabase(runTests);

function select(name: string): string[] {
  const files = globSync('packages/*/test/**/*.test.ts', { cwd: root }).sort();
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
  const concurrency = Math.max(2, availableParallelism());
  const options = ['--test', '--test-reporter=spec', `--test-concurrency=${concurrency}`, '--test-timeout=180000'];
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
