import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Place } from './place.ts';

const database = 'carpenter';

/** A connection string for `pg`, over the Unix socket. */
export const urlOf = ({ sockets }: Place, name = database) =>
  `postgres://carpenter@/${name}?host=${encodeURIComponent(sockets)}`;

/** Waits until the server takes connections, and makes our database on the first one. Recovery after a crash can take
 *  its time; whoever calls decides how long that may be, by `signal`.
 *  @throws the signal's reason */
export async function waitUntilReady(place: Place, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const client = new pg.Client({ connectionString: urlOf(place, 'postgres') });
    client.on('error', () => undefined); // it would throw out of nowhere; the query below fails anyway
    try {
      await client.connect();
      const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
      return;
    } catch (error) {
      if (!isNotYet(error)) throw error;
    } finally {
      await client.end().catch(() => undefined);
    }
    await pause(20);
  }
}

/** No socket yet, nobody at it, "the database system is starting up", or gone again in the middle. */
const isNotYet = (error: unknown) =>
  error instanceof Error &&
  (('code' in error &&
    ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P03', '57P01'].includes(String(error.code))) ||
    error.message.startsWith('Connection terminated'));
