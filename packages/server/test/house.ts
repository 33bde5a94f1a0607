import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import { pino } from 'pino';
import { type Config, defaults } from '../src/config.ts';
import { type Running, serve } from '../src/serve.ts';
import { type Cluster, databaseOf, onCluster, scratch, startCluster, template } from './cluster.ts';

/** Written into by the server's log; empty unless something went wrong. */
export const log = pino({ level: process.env.TEST_LOG ?? 'silent' });

/** A real PostgreSQL: the one that `npm test` started for all files, or one of this file's own. */
let cluster: Promise<Cluster> | undefined;
const { TEST_DATABASE_URL } = process.env;
const openCluster = async (): Promise<Cluster> =>
  TEST_DATABASE_URL ? { url: TEST_DATABASE_URL, stop: async () => {} } : startCluster();
after(async () => (await cluster)?.stop()); // registered here, at the top: inside a test it would end with that test

/** An empty database of its own; dropped when the test ends, after `last` (hooks run in the order they were given). */
export const database = (t: TestContext, last?: () => Promise<void>) => newDatabase(t, 'template1', last);

/** The same with all tables in it, which takes a fraction of the time that making them takes. */
export const migrated = (t: TestContext, last?: () => Promise<void>) => newDatabase(t, template, last);

/** The same in a PostgreSQL that nobody else uses, with its durability on: for tests that kill. Both go when the test ends, after `last`. */
export async function durable(t: TestContext, last = async () => {}): Promise<string> {
  const own = await startCluster({ durable: true });
  t.after(() => last().finally(own.stop));
  await onCluster(own.url, `CREATE DATABASE chat TEMPLATE ${template}`);
  return databaseOf(own.url, 'chat');
}

async function newDatabase(t: TestContext, from: string, last = async () => {}): Promise<string> {
  cluster ??= openCluster();
  const { url } = await cluster;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onCluster(url, `CREATE DATABASE ${name} TEMPLATE ${from} STRATEGY file_copy`); // the fastest without fsync
  t.after(async () => {
    await last();
    await onCluster(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });
  return databaseOf(url, name);
}

/** Where files are kept, until all tests of the file have ended. */
const dataDirs: string[] = [];
after(() => {
  for (const folder of dataDirs) rmSync(folder, { recursive: true, force: true });
});
function newDataDir(): string {
  const folder = mkdtempSync(join(scratch, 'carpenter-house-'));
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
  passwordCost: { memory: 64, passes: 1 },
  generalChannel: undefined, // conversations of a test are those that it makes
  ...changes,
  rates: {
    ...defaults.rates,
    loginTriesPerMinutePerAddress: 100_000,
    loginTriesPerMinutePerAccount: 100_000,
    registrationsPerHourPerAddress: 100_000,
    requestsPerMinute: 1_000_000,
    invitesPerHour: 100_000,
    reportsPerHour: 100_000,
    searchesPerMinute: 100_000,
    uploadsPerHour: 100_000,
    addedPerHour: 1_000_000,
    roomsPerHour: 1_000_000,
    ...changes.rates,
  },
});

export interface House extends Running {
  readonly databaseUrl: string;
}

/** A running server on a real PostgreSQL without anybody in it; taken down when the test ends. */
export const house = (t: TestContext, changes: Partial<Config> = {}, webDir?: string): Promise<House> =>
  houseOver(t, async url => ({ url }), changes, webDir);

/** … that reaches its database over what `open` puts between them. */
export async function houseOver<Way extends { readonly url: string }>(
  t: TestContext,
  open: (databaseUrl: string) => Promise<Way>,
  changes: Partial<Config> = {},
  webDir?: string,
): Promise<House & { readonly way: Way }> {
  let running: Running | undefined;
  let drained: Promise<void> | undefined;
  const drain = async () => {
    drained ??= running?.drain();
    await drained;
  };
  const databaseUrl = await migrated(t, drain);
  const way = await open(databaseUrl);
  running = await serve(testConfig(way.url, changes), log, webDir);
  return { ...running, drain, databaseUrl, way };
}
