// npm test            the checks, then all tests
// npm test -- NAME    only test files whose path holds NAME, or else only tests whose title does
// npm run test:long   only the long forms (*.long.test.ts), one after the other; takes a NAME, too
// Files that mostly wait for a time-out (*.patient.test.ts) run beside the others, and are told of after them.
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { CannotStart } from '../packages/server/src/cannot-start.ts';
import { ensureWebClient } from '../packages/server/src/web-client.ts';
import { scratch, startCluster } from '../packages/server/test/cluster.ts';
import { root } from './run.ts';

/** Test files in one process. */
const portion = 10;

const words = process.argv.slice(2);
const long = words[0] === '--long';
const name = words.slice(long ? 1 : 0).join(' ');
const { files, pattern } = select(name);

if (!name && !long) await import('./check.ts');
if (process.exitCode) process.exit();
const page = await buildPage();
process.exitCode = page === 'broken' && !name ? 1 : await withDatabase(runTests);

interface Selection {
  readonly files: readonly string[];
  /** Of the titles of the tests to run; without it all of them. */
  readonly pattern?: string;
}

function select(name: string): Selection {
  const all = globSync('packages/*/test/**/*.test.ts', { cwd: root }).sort();
  const files = all.filter(file => file.endsWith('.long.test.ts') === long);
  if (!name) return { files };
  const byPath = files.filter(file => file.includes(name));
  if (byPath.length > 0) return { files: byPath };
  const byTitle = files.filter(file => readFileSync(join(root, file), 'utf8').includes(name));
  if (byTitle.length > 0) return { files: byTitle, pattern: literally(name) };
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

/**
 * Test files of one package share a process, and with it a browser: each takes two seconds of a core and more before its first test.
 * @returns files that import some of them each, named so that those of the page, which take longest, are begun first
 */
function inPortions(files: readonly string[], folder: string): string[] {
  const byPackage = [...Map.groupBy(files, file => file.split('/')[1] ?? '')].reverse();
  return byPackage.flatMap(([name, all], order) =>
    Array.from({ length: Math.ceil(all.length / portion) }, (_, i) => {
      const path = join(folder, `${order}-${name}-${i}.mjs`);
      const some = all.slice(i * portion, (i + 1) * portion);
      writeFileSync(path, some.map(file => `import '${pathToFileURL(join(root, file))}';\n`).join(''));
      return path;
    }),
  );
}

/** @returns the exit code */
async function runTests(url: string): Promise<number> {
  const patient = files.filter(file => file.endsWith('.patient.test.ts'));
  const others = files.filter(file => !patient.includes(file));
  const cores = Math.max(2, availableParallelism());
  if (patient.length === 0) return run(url, others, long ? 1 : cores);
  if (others.length === 0) return run(url, patient, cores);
  const held = new PassThrough({ highWaterMark: Number.MAX_SAFE_INTEGER });
  const waiting = run(url, patient, 1, held);
  const folder = mkdtempSync(join(scratch, 'carpenter-tests-')); // not below node_modules, where node looks for no tests
  const code = await run(url, inPortions(others, folder), cores);
  rmSync(folder, { recursive: true });
  held.pipe(process.stdout, { end: false });
  const codes = [code, await waiting];
  await finished(held);
  if (codes.some(Boolean)) console.error('Tests failed: see the end of each of the two parts above.');
  return Math.max(...codes);
}

/** @param output  where it goes in place of this process's own */
function run(url: string, files: readonly string[], atOnce: number, output?: PassThrough): Promise<number> {
  const timeoutMs = long ? 3_600_000 : 900_000; // of a test, and of all in a process
  const options = [
    '--test',
    '--test-reporter=spec',
    `--test-concurrency=${atOnce}`,
    `--test-timeout=${timeoutMs}`,
    ...(pattern === undefined ? [] : ['--test-name-pattern', pattern]),
  ];
  const env = {
    ...process.env,
    TEST_DATABASE_URL: url,
    TMPDIR: scratch,
    NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'), // a second of each file's two is compiling
  };
  return new Promise((resolve, reject) => {
    const stdout = output ? 'pipe' : 'inherit';
    const child = spawn(process.execPath, [...options, ...files], {
      cwd: root,
      env,
      stdio: ['inherit', stdout, 'inherit'],
    });
    if (output) child.stdout?.pipe(output);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('close', code => resolve(code ?? 1));
  });
}
