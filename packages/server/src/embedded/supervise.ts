import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { ensureCluster } from './init.ts';
import { clearLeftovers } from './leftovers.ts';
import type { Place } from './place.ts';
import { openServerLog, type ServerLog } from './server-log.ts';
import { makeSocketFolder } from './socket-folder.ts';
import { startOnce } from './start-once.ts';
import type { Watched } from './watched.ts';

export interface Supervisor {
  stop(): Promise<void>;
}

const shutdownMs = 20_000;
const [firstPauseMs, longestPauseMs] = [250, 30_000];

/** Brings a server up on this place, and up again whenever it ends by itself. Only for the holder of its lock. */
export async function supervise(place: Place, log: Logger): Promise<Supervisor> {
  const serverLog = openServerLog(place.log);
  try {
    makeSocketFolder(place.sockets, place.account);
    await clearLeftovers(place);
    if ((await ensureCluster(place)) === 'made') log.info(`made an empty database in ${place.data}`);
    return keepUp(place, serverLog, log, await startOnce(place, serverLog, log));
  } catch (error) {
    serverLog.close();
    throw error;
  }
}

function keepUp(place: Place, serverLog: ServerLog, log: Logger, first: Watched): Supervisor {
  const stopping = new AbortController();
  let server = first;

  async function restartUntilStopped(): Promise<void> {
    let pauseMs = firstPauseMs;
    for (;;) {
      await server.ended;
      if (stopping.signal.aborted) return;
      log.error(`PostgreSQL ended by itself and is started again. Its reasons are in ${place.log}`);
      try {
        await pause(pauseMs, undefined, { signal: stopping.signal });
        await clearLeftovers(place);
        server = await startOnce(place, serverLog, log);
        if (stopping.signal.aborted) server.interrupt();
        pauseMs = firstPauseMs;
      } catch (error) {
        if (stopping.signal.aborted) return;
        log.error(error, 'PostgreSQL could not be started again');
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
  }

  const finished = restartUntilStopped();
  return {
    async stop() {
      stopping.abort();
      server.interrupt();
      const late = setTimeout(() => server.kill(), shutdownMs);
      await finished;
      clearTimeout(late);
      serverLog.close();
      rmSync(place.sockets, { recursive: true, force: true });
    },
  };
}
