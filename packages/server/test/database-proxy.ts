import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { scratch } from './cluster.ts';
import { type House, houseOver } from './house.ts';

/** Stands between a server and its PostgreSQL. */
export interface DatabaseProxy {
  /** The database as seen through it. */
  readonly url: string;
  /** The connections that store are cut at their next answer: what was asked is done, and nobody learns of it. */
  loseAnswers(): void;
  /** The next one that ends a transaction is cut at the answer to that: it is done, and nobody learns of it. Once. */
  loseCommits(): void;
  /**
   * Nothing passes any more, and neither side hears of it: over any connection, also a new one; or over those with such a name, and new
   * ones are sound.
   * @returns lets it pass, with all that waited
   */
  freeze(named?: string): () => void;
  /** All connections break, and no new one comes about, as while it restarts. @returns lets them come about again */
  cut(): () => void;
  /** How often one came to be in vain. */
  cutInVain(): number;
}

/** A house with one between it and its database. */
export async function houseBehind(t: TestContext): Promise<House & { readonly proxy: DatabaseProxy }> {
  const { way: proxy, ...home } = await houseOver(t, url => databaseProxy(t, url));
  return { ...home, proxy };
}

async function databaseProxy(t: TestContext, databaseUrl: string): Promise<DatabaseProxy> {
  const folder = mkdtempSync(join(scratch, 'carpenter-proxy-'));
  const [, real = ''] = /[?&]host=([^&]+)/.exec(databaseUrl) ?? [];
  const there = new Map<Socket, { readonly far: Socket; name: string }>();
  const lanes = new Set<Socket>();
  const losing = new Set<Socket>();
  let atCommit = false;
  let silent = false;
  let isCut = false;
  let inVain = 0;
  const frozen = new Set<Socket>();
  const hold = (...sockets: Socket[]) => {
    for (const socket of sockets) frozen.add(socket.pause());
  };
  const proxy = createServer(near => {
    if (isCut) {
      inVain += 1;
      near.destroy();
      return;
    }
    const far = connect(join(decodeURIComponent(real), '.s.PGSQL.5432'));
    const pair = { far, name: '' };
    there.set(near, pair);
    near.once('data', hello => {
      pair.name = hello.toString('latin1');
      if (hello.includes('carpenter lane')) lanes.add(near);
    });
    near.on('data', asked => {
      if (atCommit && lanes.has(near) && asked.includes('COMMIT')) {
        atCommit = false;
        losing.add(near);
      }
      far.write(asked);
    });
    far.on('data', data => {
      if (losing.has(near)) near.destroy();
      else near.write(data);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => {}); // its close says the rest
      one.on('close', () => other.destroy());
    }
    near.on('close', () => {
      there.delete(near);
      lanes.delete(near);
      losing.delete(near);
    });
    if (silent) hold(near, far);
  });
  await new Promise<void>(resolve => proxy.listen(join(folder, '.s.PGSQL.5432'), resolve));
  t.after(() => {
    proxy.close();
    for (const near of there.keys()) near.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    url: databaseUrl.replace(real, encodeURIComponent(folder)),
    loseAnswers() {
      for (const near of lanes) losing.add(near);
    },
    loseCommits() {
      atCommit = true;
    },
    freeze(named) {
      silent = named === undefined;
      for (const [near, { far, name }] of there) if (name.includes(named ?? '')) hold(near, far);
      return () => {
        silent = false;
        for (const socket of frozen) socket.resume();
        frozen.clear();
      };
    },
    cut() {
      isCut = true;
      for (const near of there.keys()) near.destroy();
      return () => {
        isCut = false;
      };
    },
    cutInVain: () => inVain,
  };
}
