import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAccounts } from './accounts.ts';
import { type Disk, mountDisk, shortLog } from './disk.ts';
import { makeNode, type Node } from './node.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { removedAtTheEnd } from './removed-at-the-end.ts';
import type { Account, Way } from './types.ts';
import { openWay } from './way.ts';

/** Where a run takes place. */
export interface World {
  readonly accounts: readonly Account[];
  /** One a client. */
  readonly ways: readonly Way[];
  /** Where its nodes are, by name. */
  readonly urls: ReadonlyMap<string, string>;
  /** Absent: somebody else's installation, of which we have only the links. */
  readonly own?: Own;
  /** Ends and removes all that was begun. */
  close(): Promise<void>;
}

export interface Own {
  readonly nodes: readonly Node[];
  readonly postgres: Postgres;
  /** From each node to the database. */
  readonly databaseWays: readonly Way[];
  /** Of the database. A sentence: why it cannot be filled up. */
  readonly disk: Disk | string;
}

/** Clients are named c1, c2, … */
async function openWays(count: number, url: string): Promise<{ ways: Way[]; close(): void }> {
  const { hostname, port, protocol } = new URL(url);
  const target = {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
  };
  const ways = await Promise.all(Array.from({ length: count }, (_, i) => openWay(`c${i + 1}`, target)));
  return {
    ways,
    close() {
      for (const way of ways) way.close();
    },
  };
}

/** An installation that is there already. Over its own TCP proxy a page's address would not be the one of its certificate: plain HTTP only. */
export async function joinWorld(url: string, clients: number, accounts: readonly Account[]): Promise<World> {
  const { ways, close } = await openWays(clients, url);
  return { accounts, ways, urls: new Map([['node', url]]), close: async () => close() };
}

/** Some people have two devices. */
const accountsFor = (clients: number) => Math.max(2, Math.ceil(clients * 0.8));

/** @param wants.disk  its database's disk can be filled
 *  @param wants.shortTokens  access tokens live for the shortest time there is
 *  @param logFile  what the nodes say */
export async function makeWorld(
  clients: number,
  wants: { readonly disk: boolean; readonly shortTokens: boolean },
  logFile: string,
): Promise<World> {
  await writeFile(logFile, '', { mode: 0o600 }); // as new as its history
  const folder = await mkdtemp(join(tmpdir(), `carpenter-verify-${process.pid}-`));
  const closing: (() => unknown)[] = [removedAtTheEnd(folder)];
  const close = async () => {
    const failed: unknown[] = [];
    for (let one = closing.pop(); one; one = closing.pop()) {
      await Promise.resolve()
        .then(one)
        .catch(error => failed.push(error));
    }
    if (failed.length > 0) throw new AggregateError(failed, `Not all was put away: ${failed.join(', ')}`);
  };
  try {
    await chmod(folder, 0o711); // an unprivileged PostgreSQL has to pass through
    const dataDir = join(folder, 'database');
    const disk = wants.disk ? mountDisk(dataDir) : 'nobody asked for it';
    const postgres = await startPostgres(dataDir);
    closing.push(() => postgres.stop());
    if (typeof disk === 'object') await postgres.set(shortLog);
    const databaseWay = await openWay('node1', { path: postgres.socket });
    closing.push(databaseWay.close);
    const { host } = new URL(databaseWay.url);
    const env = environment(`postgres://carpenter@${host}/carpenter`, join(folder, 'node'), wants.shortTokens);
    const node = await makeNode('node1', env, logFile);
    closing.push(() => node.stop());
    await node.start();
    const accounts = await makeAccounts(postgres.url, accountsFor(clients));
    const { ways, close: closeWays } = await openWays(clients, node.url);
    closing.push(closeWays);
    const own = { nodes: [node], postgres, databaseWays: [databaseWay], disk };
    return { accounts, ways, urls: new Map([[node.name, node.url]]), own, close };
  } catch (error) {
    await close().catch(() => {}); // why there is no world comes before what was left of it
    throw error;
  }
}

/** As delivered, but for what counts by address (all clients share one) and what else would make a run longer. */
const environment = (databaseUrl: string, dataDir: string, shortTokens: boolean): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  DATA_DIR: dataDir,
  HEARTBEAT_SECONDS: '5',
  LINK_PREVIEWS: 'off',
  RATE_FRAMES_PER_MINUTE: '6000',
  RATE_LOGINS_PER_ADDRESS: '100000',
  RATE_LOGINS_PER_ACCOUNT: '1000',
  RATE_REGISTRATIONS_PER_HOUR: '100000',
  RATE_REQUESTS_PER_MINUTE: '100000',
  MAX_CONNECTIONS_PER_ADDRESS: '10000',
  ...(shortTokens && { ACCESS_TOKEN_SECONDS: '60' }),
});
