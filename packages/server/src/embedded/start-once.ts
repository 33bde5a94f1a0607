import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { CannotStart } from '../cannot-start.ts';
import { waitUntilReady } from './connect.ts';
import { explainFailure } from './init.ts';
import type { Place } from './place.ts';
import type { ServerLog } from './server-log.ts';
import { startWatched, type Watched } from './watched.ts';

const busyMemoryMs = 10_000;
const recoveryMs = 600_000;
const progressEveryMs = 5_000;

/** Starts a server and waits until it takes connections.
 *  @throws CannotStart with PostgreSQL's own reasons */
export async function startOnce(place: Place, serverLog: ServerLog, log: Logger): Promise<Watched> {
  const deadline = performance.now() + busyMemoryMs;
  for (;;) {
    serverLog.begin();
    const server = startWatched(place, serverLog.fd);
    if ((await outcome(place, server, log)) === 'ready') return server;
    const words = serverLog.lastWords();
    // Backends of a killed server may hold its shared memory for a moment longer.
    if (!/shared memory block .*is still in use/.test(words) || performance.now() > deadline) {
      throw new CannotStart(explainFailure(words));
    }
    await pause(200);
  }
}

async function outcome(place: Place, server: Watched, log: Logger): Promise<'ready' | 'ended'> {
  const giveUp = new AbortController();
  const patience = setTimeout(() => giveUp.abort(), recoveryMs);
  const progress = setInterval(
    () => log.info('PostgreSQL is starting: it recovers what was not finished'),
    progressEveryMs,
  );
  const ended = server.ended.then(() => giveUp.abort());
  try {
    await waitUntilReady(place, giveUp.signal);
    return 'ready';
  } catch (error) {
    server.kill();
    await ended;
    if (giveUp.signal.aborted) return 'ended';
    throw error;
  } finally {
    clearTimeout(patience);
    clearInterval(progress);
  }
}
