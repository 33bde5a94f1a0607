import type { Logger } from 'pino';
import { CannotStart } from '../cannot-start.ts';
import { urlOf, waitUntilReady } from './connect.ts';
import { type Lock, lockHolder, tryLock } from './lock.ts';
import { findPlace, type Place } from './place.ts';
import { supervise } from './supervise.ts';

export interface Embedded {
  /** For `pg`: our database, over a Unix socket. */
  url: string;
  /** Where the data really are: `dataDir`, or another folder where PostgreSQL may not enter that one. */
  dataDir: string;
  /** Ends it in order; last of all, after everybody who writes. */
  stop(): Promise<void>;
}

const joinWithinMs = 60_000;

/** Starts the PostgreSQL that comes along, on the data in `dataDir`, and keeps it running until `stop`.
 *  A new or empty folder becomes its home; root's is opened so that the unprivileged PostgreSQL may pass through.
 *  @throws CannotStart with words for people, also when another Carpenter uses the folder: that one isn't disturbed */
export async function startEmbedded(dataDir: string, log: Logger): Promise<Embedded> {
  const place = findPlace(dataDir);
  const lock = tryLock(place.base);
  if (lock) return startLocked(place, lock, log);
  throw new CannotStart(`Another Carpenter (${lockHolder(place.base)}) is using the data folder ${place.base}. Stop it \
first, or give this one a folder and a port of its own: DATA_DIR=./other PORT=3001 npm start`);
}

/** The same for tools: uses the PostgreSQL of a Carpenter that runs on `dataDir`, and starts one only where none does. */
export async function joinEmbedded(dataDir: string, log: Logger): Promise<Embedded> {
  const place = findPlace(dataDir);
  const lock = tryLock(place.base);
  if (lock) return startLocked(place, lock, log);
  await waitUntilReady(place, AbortSignal.timeout(joinWithinMs));
  return { url: urlOf(place), dataDir: place.base, stop: async () => undefined };
}

async function startLocked(place: Place, lock: Lock, log: Logger): Promise<Embedded> {
  try {
    const supervisor = await supervise(place, log);
    return {
      url: urlOf(place),
      dataDir: place.base,
      async stop() {
        await supervisor.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
