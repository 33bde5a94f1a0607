import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { onCluster } from './cluster.ts';
import { database, migrated } from './house.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

function dataFolder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'carpenter-start-'));
  chmodSync(path, 0o711);
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** `npm start` without npm: what it prints, and how it ends. */
function start(t: TestContext, env: Record<string, string>) {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, PORT: '0', ...env },
    stdio: 'pipe',
  });
  t.after(() => child.kill('SIGKILL'));
  const said = text(child.stderr);
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', chunk => {
    printed += chunk;
  });
  return {
    child,
    /** The address of the banner, once it is there. */
    async address(): Promise<string> {
      while (!/Ctrl-C/.test(printed)) {
        const ended = await Promise.race([
          once(child.stdout, 'data').then(() => false),
          once(child, 'close').then(() => true),
        ]);
        if (ended) assert.fail(`it ended instead: ${await said}`);
      }
      return /Address +(\S+)/.exec(printed)?.[1] ?? assert.fail(printed);
    },
    async end(): Promise<{ code: number | null; words: string; printed: string }> {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
      return { code: child.exitCode, words: await said, printed };
    },
  };
}

const postmasterOf = (dataDir: string) =>
  Number.parseInt(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8'), 10);
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const endsWithin = async (child: ChildProcess, ms: number) => {
  const begin = performance.now();
  await once(child, 'close');
  assert.ok(performance.now() - begin < ms, `it took ${Math.round(performance.now() - begin)} ms`);
};

test('one command: it prints an address that answers; SIGTERM ends it with 0, and PostgreSQL with it', async t => {
  const dataDir = dataFolder(t);
  const carpenter = start(t, { DATA_DIR: dataDir });
  const address = await carpenter.address();
  assert.equal((await fetch(`${address}/readyz`)).status, 200);
  assert.equal(statSync(join(dataDir, 'jwt-secret')).mode & 0o777, 0o600);
  const postmaster = postmasterOf(dataDir);
  carpenter.child.kill('SIGTERM');
  await endsWithin(carpenter.child, 5_000);
  const { code, printed } = await carpenter.end();
  assert.equal(code, 0);
  assert.match(printed, new RegExp(`Data +${dataDir}\\n`));
  assert.equal(isAlive(postmaster), false);
});

test('Ctrl-C under npm is two signals at once, and still an orderly end', async t => {
  const carpenter = start(t, { DATA_DIR: dataFolder(t) });
  await carpenter.address();
  carpenter.child.kill('SIGINT');
  carpenter.child.kill('SIGTERM'); // two of a kind would be one for the system
  await endsWithin(carpenter.child, 5_000);
  assert.equal((await carpenter.end()).code, 0);
});

test('a second start on the same data says so, ends with 1, and leaves the first one alone', async t => {
  const dataDir = dataFolder(t);
  const first = start(t, { DATA_DIR: dataDir });
  const address = await first.address();
  const second = await start(t, { DATA_DIR: dataDir }).end();
  assert.equal(second.code, 1);
  assert.match(second.words, /^Another Carpenter \(process \d+\) is using the data folder/);
  assert.equal((await fetch(`${address}/readyz`)).status, 200);
});

test('a wrong environment ends with 2 and tells all mistakes', async t => {
  const { code, words } = await start(t, { PORT: 'http', LOG_LEVEL: 'loud', JWT_SECRET: 'short' }).end();
  assert.equal(code, 2);
  for (const name of ['PORT', 'LOG_LEVEL', 'JWT_SECRET']) assert.match(words, new RegExp(`^ {2}${name} must`, 'm'));
});

test('a taken port is told by its number, with what to do, and ends with 1', async t => {
  const blocker = createServer().listen(0, '127.0.0.1');
  t.after(() => blocker.close());
  await once(blocker, 'listening');
  const address = blocker.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const { code, words } = await start(t, {
    PORT: String(port),
    DATABASE_URL: await database(t),
    DATA_DIR: dataFolder(t),
  }).end();
  assert.equal(code, 1);
  assert.equal(words, `Port ${port} is taken by another program. Choose another: PORT=${Number(port) + 1} npm start\n`);
});

test('DATABASE_URL: that database is used, and no other one is started', async t => {
  const dataDir = dataFolder(t);
  const carpenter = start(t, { DATABASE_URL: await database(t), DATA_DIR: dataDir });
  const address = await carpenter.address();
  assert.equal((await fetch(`${address}/readyz`)).status, 200);
  assert.equal(statSync(join(dataDir, 'postgres'), { throwIfNoEntry: false }), undefined);
  carpenter.child.kill('SIGTERM');
  assert.equal((await carpenter.end()).code, 0);
});

test('a database that says no is told in a sentence without the password', async t => {
  const url = (await database(t)).replace('carpenter@', 'nobody_of_that_name:hunter2@');
  const { code, words } = await start(t, { DATABASE_URL: url, DATA_DIR: dataFolder(t) }).end();
  assert.equal(code, 1);
  assert.match(
    words,
    /^The database postgres:\/\/nobody_of_that_name@.* refuses: role "nobody_of_that_name" does not exist\n$/,
  );
});

test('a database that a newer Carpenter used is left as it is, in a sentence', async t => {
  const url = await migrated(t);
  await onCluster(url, `INSERT INTO migrations (name) VALUES ('9999_later.sql')`);
  const { code, words } = await start(t, { DATABASE_URL: url, DATA_DIR: dataFolder(t) }).end();
  assert.equal(code, 1);
  assert.equal(
    words,
    'The database was used by a newer Carpenter (it knows 9999_later.sql). Start that version, or a later one.\n',
  );
});

test('a fault that nobody caught is logged like everything else, and ends the process with 1', async () => {
  const source = (name: string) => JSON.stringify(new URL(`../src/${name}.ts`, import.meta.url).href);
  const script = `import { createLog } from ${source('log')}; import { endOnFault } from ${source('end-on-fault')};
    endOnFault(createLog('info')); setInterval(() => {}, 1_000); Promise.reject(new Error('lost'));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'pipe' });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const { level, err, msg } = JSON.parse(printed);
  assert.deepEqual(
    [code, level, err.message, msg],
    [1, 'fatal', 'lost', 'a fault that nobody caught ends the process'],
  );
});
