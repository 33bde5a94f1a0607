import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import pg from 'pg';
import { pino } from 'pino';
import { type Config, defaults } from '../src/config.ts';
import { startEmbedded } from '../src/embedded/start.ts';
import { type Running, serve } from '../src/serve.ts';

/** Written into by the server's log; empty unless something went wrong. */
export const log = pino({ level: process.env.TEST_LOG ?? 'silent' });

/** A real PostgreSQL: the one that `npm test` started for all files, or one of this file's own. */
let cluster: Promise<string> | undefined;
async function clusterUrl(): Promise<string> {
  const { TEST_DATABASE_URL } = process.env;
  if (TEST_DATABASE_URL) return TEST_DATABASE_URL;
  const folder = await mkdtemp(join(tmpdir(), 'carpenter-test-'));
  const embedded = await startEmbedded(folder, log);
  stopCluster = async () => {
    await embedded.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return embedded.url;
}
let stopCluster = async () => {};
after(() => stopCluster()); // registered here, at the top: inside a test it would end with that test

/** An empty database of its own; dropped when the test ends, after `last` (hooks run in the order they were given). */
export async function database(t: TestContext, last: () => Promise<void> = async () => {}): Promise<string> {
  cluster ??= clusterUrl();
  const base = await cluster;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onCluster(base, `CREATE DATABASE ${name}`);
  t.after(async () => {
    await last();
    await onCluster(base, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });
  return base.replace(/\/[^/?]*(\?|$)/, `/${name}$1`);
}

async function onCluster(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

/** Where files are kept, until all tests of the file have ended. */
const dataDirs: string[] = [];
after(() => {
  for (const folder of dataDirs) rmSync(folder, { recursive: true, force: true });
});
function newDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'carpenter-house-'));
  dataDirs.push(folder);
  return folder;
}

/** Everything as delivered, but on any free port, and with rates that do not slow a test down. */
export const testConfig = (databaseUrl: string, changes: Partial<Config> = {}) => ({
  ...defaults,
  host: '127.0.0.1',
  port: 0,
  databaseUrl,
  dataDir: changes.dataDir ?? newDataDir(),
  jwtSecret: 'a secret of the tests that is long enough',
  drainSeconds: 1,
  generalChannel: undefined, // conversations of a test are those that it makes
  ...changes,
  rates: {
    ...defaults.rates,
    loginTriesPerMinutePerAddress: 100_000,
    loginTriesPerMinutePerAccount: 100_000,
    registrationsPerHourPerAddress: 100_000,
    requestsPerMinute: 1_000_000,
    ...changes.rates,
  },
});

export interface House extends Running {
  readonly databaseUrl: string;
}

/** A running server on a real, empty PostgreSQL; taken down when the test ends. */
export async function house(t: TestContext, changes: Partial<Config> = {}, webDir?: string): Promise<House> {
  let running: Running | undefined;
  let drained: Promise<void> | undefined;
  const drain = async () => {
    drained ??= running?.drain();
    await drained;
  };
  const databaseUrl = await database(t, drain);
  running = await serve(testConfig(databaseUrl, changes), log, webDir);
  return { ...running, drain, databaseUrl };
}
