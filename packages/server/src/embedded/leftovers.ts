import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CannotStart } from '../cannot-start.ts';
import type { Place } from './place.ts';

const patienceMs = 10_000;

/** Makes way for a new server: a PostgreSQL that outlived its Carpenter is ended, files of a dead one are removed.
 *  Only for the holder of the lock, so whatever runs on these data is a leftover.
 *  @throws CannotStart when something that may be a PostgreSQL does not end */
export async function clearLeftovers({ data, sockets }: Place): Promise<void> {
  const pid = postmasterPid(data);
  if (pid === undefined) return removeSocket(sockets);
  const ours = await answers(join(sockets, '.s.PGSQL.5432'));
  if (ours) process.kill(pid, 'SIGINT');
  // Without an answer it may be ending, or beginning, or its number has gone to another program: after a restart of
  // the machine, and in containers again and again. PostgreSQL itself would then refuse to start for ever.
  const deadline = performance.now() + patienceMs;
  while (isPostgresOn(data, pid)) {
    if (performance.now() > deadline) {
      throw new CannotStart(
        `A PostgreSQL (process ${pid}) still works on ${data}. End it (kill -INT ${pid}), then try again.`,
      );
    }
    await pause(50);
  }
  rmSync(join(data, 'postmaster.pid'), { force: true });
  removeSocket(sockets);
}

function postmasterPid(data: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10);
    return pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isPostgresOn(data: string, pid: number): boolean {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' });
    return basename(stdout.trim()) === 'postgres';
  }
  try {
    const program = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
    return program === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
  } catch {
    return false; // gone, or of another user, so not one of ours
  }
}

const answers = (path: string) =>
  new Promise<boolean>(resolve => {
    const socket = connect({ path });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/** The socket has a file with a process id of its own, which can be as misleading. */
function removeSocket(sockets: string): void {
  for (const name of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock']) rmSync(join(sockets, name), { force: true });
}
