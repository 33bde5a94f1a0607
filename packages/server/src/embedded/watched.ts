import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Place } from './place.ts';
import { serverArguments } from './settings.ts';

/** A small shell stands between us and PostgreSQL. It holds the other end of a pipe: when we die, however we die, the
 *  pipe closes and PostgreSQL gets SIGINT, which ends it at once and in order (SIGTERM would wait for all clients).
 *  `read` is the shell's own: another program in its place would keep the pipe open. */
const script = `
"$0" "$@" </dev/null 3<&- & P=$!
trap "kill -INT $P" INT TERM
{ read _ <&3; kill -INT $P; } 2>/dev/null & W=$!
while :; do wait $P; R=$?; kill -0 $P 2>/dev/null || break; done
kill $W 2>/dev/null
exit $R`;

export interface Watched {
  /** Resolves when PostgreSQL has ended. */
  ended: Promise<void>;
  /** Fast shutdown: clients are cut off, everything committed is on the disk. */
  interrupt(): void;
  /** For one that does not end: it recovers at the next start. */
  kill(): void;
}

/** In a process group of its own: Ctrl-C reaches the whole group of a terminal, and PostgreSQL has to be the last. */
export function startWatched(place: Place, logFd: number): Watched {
  const postgres = join(place.binaries, 'bin/postgres');
  const child = spawn('/bin/sh', ['-c', script, postgres, ...serverArguments(place)], {
    ...place.account,
    cwd: '/',
    detached: true,
    stdio: ['ignore', logFd, logFd, 'pipe'],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('exit', () => {
      child.stdio[3]?.destroy(); // the shell may have been killed alone: this ends what it started
      resolve();
    });
    child.once('error', reject);
  });
  return {
    ended,
    interrupt: () => child.kill('SIGINT'),
    kill: () => child.pid && process.kill(-child.pid, 'SIGQUIT'),
  };
}
