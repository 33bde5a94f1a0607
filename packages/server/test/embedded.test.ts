import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { CannotStart } from '../src/cannot-start.ts';
import { joinEmbedded, startEmbedded } from '../src/embedded/start.ts';
import { createLog } from '../src/log.ts';

const log = createLog('silent');
const isRoot = process.getuid?.() === 0;

/** A folder of this test only, that PostgreSQL may enter unless `mode` says otherwise. */
function folder(t: TestContext, mode = 0o711): string {
  const path = mkdtempSync(join(tmpdir(), 'carpenter-embedded-'));
  chmodSync(path, mode);
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Another process that runs the embedded PostgreSQL on `dataDir`; its url comes as its first line. */
async function otherProcess(t: TestContext, dataDir: string): Promise<{ process: ChildProcess; url: string }> {
  const program = fileURLToPath(new URL('./embedded-process.ts', import.meta.url));
  const child = spawn(process.execPath, [program, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  for await (const url of createInterface({ input: child.stdout })) return { process: child, url };
  throw new Error('it ended before it was up');
}

const postmasterOf = (data: string) => Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10);

/** Ends when the process does; for one that is not our child there is nothing to listen to. */
async function gone(pid: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  assert.fail(`process ${pid} is still there`);
}

test('promise 1: an empty folder becomes a database that loses nothing it has confirmed', async t => {
  const dataDir = folder(t);
  const embedded = await startEmbedded(dataDir, log);
  t.after(() => embedded.stop());
  assert.equal(embedded.dataDir, dataDir);
  const [settings] = await query(
    embedded.url,
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
            current_setting('full_page_writes') AS pages, current_setting('data_checksums') AS checksums,
            current_setting('listen_addresses') AS addresses, lower('ÄÖ') AS lower, current_database() AS database`,
  );
  assert.deepEqual(settings, {
    ...{ fsync: 'on', commit: 'on', pages: 'on', checksums: 'on' },
    ...{ addresses: '', lower: 'äö', database: 'carpenter' },
  });
});

test('promise 1: kill -9 of its Carpenter ends PostgreSQL, and the data are whole', async t => {
  const dataDir = folder(t);
  const other = await otherProcess(t, dataDir);
  await query(other.url, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n');
  const postmaster = postmasterOf(join(dataDir, 'postgres'));
  other.process.kill('SIGKILL');
  await gone(postmaster);

  const embedded = await startEmbedded(dataDir, log);
  t.after(() => embedded.stop());
  assert.deepEqual(await query(embedded.url, 'SELECT count(*)::int AS n FROM kept'), [{ n: 1000 }]);
});

test('a start right after kill -9 waits for the old PostgreSQL to end', async t => {
  const dataDir = folder(t);
  const other = await otherProcess(t, dataDir);
  await query(other.url, 'CREATE TABLE kept AS SELECT 1 AS n');
  other.process.kill('SIGKILL');
  await once(other.process, 'exit');
  const embedded = await startEmbedded(dataDir, log);
  t.after(() => embedded.stop());
  assert.deepEqual(await query(embedded.url, 'SELECT n FROM kept'), [{ n: 1 }]);
});

test('promise 1: kill -9 of PostgreSQL alone: it is started again', async t => {
  const dataDir = folder(t);
  const embedded = await startEmbedded(dataDir, log);
  t.after(() => embedded.stop());
  await query(embedded.url, 'CREATE TABLE kept AS SELECT 1 AS n');
  const postmaster = postmasterOf(join(dataDir, 'postgres'));
  process.kill(postmaster, 'SIGKILL');
  await gone(postmaster);
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      assert.deepEqual(await query(embedded.url, 'SELECT n FROM kept'), [{ n: 1 }]);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
});

test('a process id that belongs to another program by now does not stop a start', async t => {
  const dataDir = folder(t);
  await (await startEmbedded(dataDir, log)).stop();
  // As after a restart of the machine: files of a server that is gone, with the number of somebody else's process.
  const owner = isRoot ? { uid: 65_534, gid: 65_534 } : {};
  const stranger = spawn('sleep', ['60'], { ...owner, stdio: 'ignore' });
  t.after(() => stranger.kill('SIGKILL'));
  await once(stranger, 'spawn');
  const lines = `${stranger.pid}\n${join(dataDir, 'postgres')}\n0\n5432\n${join(dataDir, 'socket')}\n\n`;
  writeFileSync(join(dataDir, 'postgres/postmaster.pid'), lines, { mode: 0o600 });
  mkdirSync(join(dataDir, 'socket'), { mode: 0o700 });
  if (isRoot) chownSync(join(dataDir, 'socket'), 65_534, 65_534);
  writeFileSync(join(dataDir, 'socket/.s.PGSQL.5432.lock'), lines, { mode: 0o600 });

  const embedded = await startEmbedded(dataDir, log);
  t.after(() => embedded.stop());
  assert.equal(stranger.exitCode, null);
  assert.deepEqual(await query(embedded.url, 'SELECT 1 AS n'), [{ n: 1 }]);
});

test('a second start on the same folder is refused in words and does not disturb the first; a tool may join', async t => {
  const dataDir = folder(t);
  const other = await otherProcess(t, dataDir);
  await assert.rejects(startEmbedded(dataDir, log), (error: unknown) => {
    assert.ok(error instanceof CannotStart);
    assert.match(
      error.message,
      new RegExp(`Another Carpenter \\(process ${other.process.pid}\\) is using the data folder`),
    );
    return true;
  });
  const joined = await joinEmbedded(dataDir, log);
  assert.deepEqual(await query(joined.url, 'SELECT 1 AS n'), [{ n: 1 }]);
  await joined.stop();
  assert.deepEqual(await query(other.url, 'SELECT 1 AS n'), [{ n: 1 }]);
});

test('a socket path that would be too long is moved, the data are not', async t => {
  const dataDir = join(folder(t), 'long'.repeat(30));
  const embedded = await startEmbedded(dataDir, log);
  t.after(() => embedded.stop());
  assert.equal(embedded.dataDir, dataDir);
  assert.deepEqual(await query(embedded.url, 'SELECT 1 AS n'), [{ n: 1 }]);
});

test('data of a later PostgreSQL are left alone, in words', async t => {
  const dataDir = folder(t);
  const data = join(dataDir, 'postgres');
  await (await startEmbedded(dataDir, log)).stop();
  writeFileSync(join(data, 'PG_VERSION'), '19\n');
  await assert.rejects(startEmbedded(dataDir, log), /was made by PostgreSQL 19, and this is 18/);
});

test('an interrupted first start is begun anew', async t => {
  const dataDir = folder(t);
  mkdirSync(join(dataDir, 'postgres.unfinished'));
  writeFileSync(join(dataDir, 'postgres.unfinished/PG_VERSION'), '18\n');
  const embedded = await startEmbedded(dataDir, log);
  t.after(() => embedded.stop());
  assert.ok(!readdirSync(dataDir).includes('postgres.unfinished'));
});

test('root in a folder closed to others: the data are elsewhere, stay there, and it is said where', {
  skip: !isRoot,
}, async t => {
  const closed = folder(t, 0o700);
  const dataDir = join(closed, 'data');
  const first = await startEmbedded(dataDir, log);
  t.after(() => rmSync(first.dataDir, { recursive: true, force: true }));
  assert.match(first.dataDir, /^\/var\/lib\/carpenter\/[0-9a-f]{8}$/);
  assert.ok(existsSync(join(dataDir, 'postgres.log')));
  await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS n');
  await first.stop();

  chmodSync(closed, 0o711); // open by now, but the data are not left behind
  const second = await startEmbedded(dataDir, log);
  t.after(() => second.stop());
  assert.equal(second.dataDir, first.dataDir);
  assert.deepEqual(await query(second.url, 'SELECT n FROM kept'), [{ n: 1 }]);
});
