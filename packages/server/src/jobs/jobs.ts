import { Logger as JobLogger, parseCrontab, type Runner, run, type TaskList } from 'graphile-worker';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { type Db, openPool } from '../store/database.ts';

/** A kind of work that is done aside, tried again when it fails, and outlives this process. */
export interface Task<T> {
  readonly name: string;
  readonly payload: z.ZodType<T>;
  /** In the notation of cron; all nodes together do it once each time, with an empty payload. */
  readonly at?: string;
  /** @param signal  aborted when a shutdown waits for it no longer; the job is then begun again later */
  readonly run: (payload: T, signal: AbortSignal | undefined) => Promise<void>;
}
/** A task whose payload is checked inside. */
type AnyTask = Pick<Task<unknown>, 'name' | 'at'> & {
  readonly take: (payload: unknown, signal?: AbortSignal) => Promise<void>;
};

export const task = <T>({ name, at, payload, run }: Task<T>): AnyTask => ({
  name,
  ...(at !== undefined && { at }),
  take: (given, signal) => run(payload.parse(given), signal),
});

export interface Jobs {
  /** Stops fetching, lets what is under way end. */
  close(): Promise<void>;
}

/** Its tables are its own; nothing of ours looks into them but `addJob`. */
const schema = 'jobs';
const patienceMs = 3_000;
const againMs = 2_000;
/**
 * A job that is done is written down together with those that are done at the same moment. Without that the worker waits for
 * nobody who writes it down, also when it stops, and a database that is away just then would be a fault that nobody caught.
 */
const writtenDown = { completeJobBatchDelay: 0, failJobBatchDelay: 0 };

/**
 * Begins with what is waiting. Only one start at a time: whoever calls has run the migrations.
 * @param atOnce  jobs under way at the same time
 */
export async function startJobs(url: string, log: Logger, tasks: readonly AnyTask[], atOnce = 2): Promise<Jobs> {
  const pool = openPool(url, log);
  await prepare(pool);
  const taskList: TaskList = Object.fromEntries(
    tasks.map(({ name, take }) => [name, (payload, helpers) => take(payload, helpers.abortSignal)]),
  );
  const crontab = tasks.flatMap(({ name, at }) => (at === undefined ? [] : [`${at} ${name} ?max=3`])).join('\n');
  let closing = false;
  let runner: Runner;
  let again: NodeJS.Timeout | undefined;

  async function begin(): Promise<void> {
    runner = await run({
      pgPool: pool,
      schema,
      taskList,
      parsedCronItems: parseCrontab(crontab),
      concurrency: atOnce,
      noHandleSignals: true,
      gracefulShutdownAbortTimeout: patienceMs,
      logger: into(log),
      preset: { worker: writtenDown },
    });
    watch(runner);
    runner.promise.then(late, late); // it also ends without an error where it could not write down that a job is done
  }
  /**
   * A worker asks at its start which of its tasks are known there, keeps the answer, and keeps it also where that was a fault: from then on
   * it fetches nothing. A fault that comes anew is another one each time.
   */
  function watch({ events, stop }: Runner): void {
    const kept = new WeakMap<object, unknown>();
    const look = ({ worker, error }: { worker: object; error: unknown }) => {
      const anew = kept.get(worker) !== error;
      kept.set(worker, error);
      if (anew) return;
      events.off('worker:getJob:error', look);
      log.warn({ err: error }, 'a fault of the start kept all jobs waiting');
      setImmediate(() => stop().catch(() => {})); // when the worker has put down its try; it may have been stopped meanwhile
    };
    events.on('worker:getJob:error', look);
  }
  function late(error: unknown): void {
    if (closing) return;
    log.warn({ err: error }, 'the jobs stopped; they begin again soon');
    again = setTimeout(() => begin().catch(late), againMs);
  }
  await begin();

  return {
    async close() {
      closing = true;
      clearTimeout(again);
      await runner.stop().catch(() => {}); // it had stopped by itself: said above
      await runner.promise.catch(() => {});
      await pool.end();
    },
  };
}

/** The worker asks for this table before it makes it; made here, PostgreSQL does not write down an error at the first start. */
async function prepare(pool: Db): Promise<void> {
  await pool.query(`CREATE SCHEMA IF NOT EXISTS ${schema};
    CREATE TABLE IF NOT EXISTS ${schema}.migrations (
      id int PRIMARY KEY, ts timestamptz NOT NULL DEFAULT now(), breaking boolean NOT NULL DEFAULT false)`);
}

const into = (log: Logger): JobLogger =>
  new JobLogger(({ taskIdentifier, jobId }) => (level, message, meta) => {
    const about = { ...(taskIdentifier && { task: taskIdentifier }), ...(jobId && { job: jobId }) };
    // That a job failed is no fault of the house: it is tried again, and says so itself when it gives up.
    // Its own words of a failure repeat those of the error, which may quote what somebody wrote.
    const [words] = message.split(/ with error |\n/);
    if (level === 'error' || level === 'warning') log.warn({ ...about, err: meta?.error ?? meta?.fatalError }, words);
    else log.debug(about, message);
  });
