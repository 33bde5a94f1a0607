import { statfsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { startEmbedded } from '../src/embedded/start.ts';
import { startJobs } from '../src/jobs/jobs.ts';
import { migrate } from '../src/store/migrate.ts';

const gibibyte = 2 ** 30;
const memory = '/dev/shm';

/**
 * Where tests write: what they write is gone soon. In memory where there is plenty (Linux), since on a disk that others keep
 * busy the copy of a database takes a second in place of a twentieth.
 */
export const scratch = !process.env.TMPDIR && roomIn(memory) > 6 * gibibyte ? memory : tmpdir();

function roomIn(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

export interface Cluster {
  /** Of the database that it came with. */
  readonly url: string;
  stop(): Promise<void>;
}

const waitForNoDisk = [
  'ALTER SYSTEM SET fsync = off',
  'ALTER SYSTEM SET full_page_writes = off',
  'SELECT pg_reload_conf()',
];

/** A database that is as one is after the first start of a server, but for what a server writes into the tables. */
export const template = 'migrated';

/**
 * A real PostgreSQL for tests, with the database `template` to copy. Its data go when it stops, so it waits for no disk.
 * @param durable  as it is delivered, with its durability on: for tests that kill, freeze or cut off what they look at
 */
export async function startCluster({ durable = false } = {}): Promise<Cluster> {
  const folder = await mkdtemp(join(scratch, 'carpenter-test-'));
  await chmod(folder, 0o711); // an unprivileged PostgreSQL has to pass through
  const log = pino({ level: 'warn' });
  const { url, stop } = await startEmbedded(folder, log);
  const cluster = {
    url,
    async stop() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    if (!durable) await onCluster(url, ...waitForNoDisk);
    await onCluster(url, `CREATE DATABASE ${template}`);
    await migrate(databaseOf(url, template));
    const jobs = await startJobs(databaseOf(url, template), log, []);
    await jobs.close();
    await onCluster(url, `ALTER DATABASE ${template} ALLOW_CONNECTIONS false`); // one that is in use cannot be copied
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** Each statement by itself: what makes and drops databases may not be in a transaction. */
export async function onCluster(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}

export const databaseOf = (url: string, name: string) => url.replace(/\/[^/?]*(\?|$)/, `/${name}$1`);
