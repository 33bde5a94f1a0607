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
  /**
   * The next connection that stores and commits is cut: as it asks for that, so that it is not done, or at the answer, so that
   * it is done and nobody learns of it. Once, and after `act`.
   */
  atCommit(moment: 'asked' | 'done', act?: () => void): void;
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

/** Messages are stored by a statement that is a transaction by itself. */
const commits = ['COMMIT', 'store_messages'];

export async function databaseProxy(t: TestContext, databaseUrl: string): Promise<DatabaseProxy> {
  const folder = mkdtempSync(join(scratch, 'carpenter-proxy-'));
  const [, real = ''] = /[?&]host=([^&]+)/.exec(databaseUrl) ?? [];
  const there = new Map<Socket, { readonly far: Socket; name: string }>();
  const lanes = new Set<Socket>();
  /** With what is to be done at its next answer. */
  const losing = new Map<Socket, () => void>();
  let next: { readonly moment: 'asked' | 'done'; readonly act: () => void } | undefined;
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
      if (next && lanes.has(near) && commits.some(what => asked.includes(what))) {
        const { moment, act } = next;
        next = undefined;
        if (moment === 'asked') {
          act();
          near.destroy();
          return;
        }
        losing.set(near, act);
      }
      far.write(asked);
    });
    far.on('data', data => {
      const lost = losing.get(near);
      if (!lost) {
        near.write(data);
        return;
      }
      losing.delete(near);
      lost();
      near.destroy();
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
      for (const near of lanes) losing.set(near, () => {});
    },
    atCommit(moment, act = () => {}) {
      next = { moment, act };
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
