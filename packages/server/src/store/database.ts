import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Logger } from 'pino';

/** Pooled connections for reads and single statements. */
export type Db = pg.Pool;
/** What a statement runs on: the pool, or the connection of a transaction. */
export type Connection = pg.Pool | pg.ClientBase;

// seq, rev and counts stay far below 2^53: numbers, not the driver's strings.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Part of connecting, and so waited for as long. */
const planOnce = { text: 'SET plan_cache_mode = force_generic_plan', query_timeout: 2_000 };

/**
 * Opens the pool; connects lazily. A dead idle connection is logged and replaced, it never ends the process. Statements are planned at
 * their first use on each connection and not for each of their values: planning anew costs more than most of them do, and a crowd that comes
 * back after a break meets connections that have planned nothing yet.
 */
export function openPool(url: string, log: Logger): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: 8,
    connectionTimeoutMillis: 2_000,
    statement_timeout: 5_000,
    query_timeout: 6_000, // a database that is frozen cannot watch its own time
    lock_timeout: 2_000,
    idle_in_transaction_session_timeout: 10_000,
    application_name: 'carpenter',
    onConnect: client => client.query(planOnce),
  });
  pool.on('error', error => log.warn({ code: codeOf(error) }, 'an idle database connection was lost'));
  pool.on('connect', client => client.on('error', () => {})); // reported by the query under way, or by the pool above
  return pool;
}

/** A connection of one's own, with settings that last as long as it does. */
export async function openConnection(
  url: string,
  name: string,
  settings: Record<string, string>,
  queryTimeoutMs = 10_000, // a database that is frozen never answers
): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 2_000,
    query_timeout: queryTimeoutMs,
    application_name: name,
  });
  client.on('error', () => {}); // a loss shows at the next query; without a listener it would end the process
  try {
    await client.connect();
    for (const [key, value] of Object.entries(settings)) {
      await client.query('SELECT set_config($1, $2, false)', [key, value]);
    }
    return client;
  } catch (error) {
    client.end().catch(() => {}); // only its socket matters
    throw error;
  }
}

/** For a connection whose predecessors are to be ended: no other node has one of that name. */
export const ownName = (what: string): string => `carpenter ${what} of ${randomBytes(4).toString('hex')}`;

/**
 * Whoever lost a connection does not know what is still on its way there: the network may bring it when all is settled and told. And
 * PostgreSQL may not know for hours that it is lost, and keeps its locks. So the one before, of the same name, is ended first. One that
 * cannot be ended within the second is not waited for: it ends before it reads on.
 */
export async function endPredecessors(connection: Connection): Promise<void> {
  await connection.query(
    `SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
      WHERE application_name = current_setting('application_name') AND usename = current_user AND pid <> pg_backend_pid()`,
  );
}

/** Runs `work` in a transaction on a pooled connection; once more where it was rolled back for another one, so it does nothing else. */
export async function transaction<T>(db: Db, work: (tx: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await db.connect();
  let broken: Error | undefined;
  try {
    return await inTransaction(client, work).catch(error => {
      if (!wasRolledBack(error)) throw error;
      return inTransaction(client, work);
    });
  } catch (error) {
    if (isConnectionFault(error) && !gaveWay(error)) broken = error;
    throw error;
  } finally {
    client.release(broken);
  }
}

/** BEGIN, `work`, COMMIT; on any error ROLLBACK, and the error goes on. After a connection fault the connection is of no more use. */
export async function inTransaction<T>(
  client: pg.ClientBase,
  work: (tx: pg.ClientBase) => Promise<T>,
  begin = 'BEGIN',
): Promise<T> {
  await client.query(begin);
  try {
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // A database that did not answer would keep us waiting for this answer, too.
    const lost = isConnectionFault(error) && !(error instanceof pg.DatabaseError);
    if (!lost) await client.query('ROLLBACK').catch(() => {}); // the first error is the one to tell
    throw error;
  }
}

/** SQLSTATE or the system's error code. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

// SQLSTATE classes: connection, resources, operator intervention (shutdown, timeouts), system error. Then: lock not available,
// idle in a transaction, rolled back for another one; read-only, and not while it recovers: it is not the primary any more.
const away = /^(08|53|57|58)|^(55P03|25P03|40001|40P01|25006|55000)$/;
// of those: its connections break, it stops, it starts
const cutOff = /^(08|57P0[123])/;
// a container that restarts has no name meanwhile
const brokenCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN']);
const silentCodes = new Set(['ETIMEDOUT', 'EHOSTUNREACH']);

/** Another transaction was in the way: this one was rolled back, and its connection is sound. */
export const gaveWay = (error: unknown): boolean => isLocked(error) || wasRolledBack(error);

/** A lock was waited for in vain. */
export const isLocked = (error: unknown): boolean => codeOf(error) === '55P03';

/** For another transaction: a deadlock, or two that cannot both be. */
export const wasRolledBack = (error: unknown): boolean => /^(40001|40P01)$/.test(codeOf(error) ?? '');

/** All connections of the pool stayed in use for as long as one waits for one. */
export const isPoolFull = (error: unknown): boolean =>
  error instanceof Error && error.message === 'timeout exceeded when trying to connect';

/** The connection broke, or there was none to be had: whatever was asked was not answered, and nobody waited long to hear so. */
export function isCutOff(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return cutOff.test(code) || brokenCodes.has(code);
  if (!(error instanceof Error) || /timeout/i.test(error.message)) return false;
  return /connection (terminated|ended)|not queryable|client was closed/i.test(error.message);
}

/**
 * The database is away, stopping, or too busy, as opposed to: it said no to this statement.
 * What happened to a statement under way is then unknown.
 */
export function isConnectionFault(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (isCutOff(error)) return true;
  const code = codeOf(error);
  return code === undefined ? /timeout/i.test(error.message) : away.test(code) || silentCodes.has(code);
}
