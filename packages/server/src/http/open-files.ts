import { readFileSync } from 'node:fs';
import type { Server } from 'node:net';
import type { Logger } from 'pino';
import { createSeldom } from '../seldom.ts';

/** Between two lines in the log. */
const sayAgainMs = 60_000;

/**
 * The system lets a process have so many open files, and each connection is one. Some are kept for what serves those who are here: the
 * database, their files, processes. Who comes when the others are taken is cut off, which the log says once a minute.
 */
export function keepOpenFiles(server: Server, log: Logger): void {
  const max = openFilesMax();
  if (max === undefined) return;
  const kept = Math.max(128, Math.ceil(max / 4)); // a file that is sent is one more beside its connection
  server.maxConnections = Math.max(1, max - kept);
  const about = { openFiles: max, connections: server.maxConnections };
  const seldom = createSeldom(sayAgainMs);
  server.on('drop', () =>
    seldom(unsaid => log.warn({ ...about, cutOff: unsaid + 1 }, 'no room for a connection: raise `ulimit -n`')),
  );
}

/** Linux only; undefined: it is not told, or there is no limit. */
function openFilesMax(): number | undefined {
  try {
    const line = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return line ? Number(line[1]) : undefined;
  } catch {
    return undefined;
  }
}
