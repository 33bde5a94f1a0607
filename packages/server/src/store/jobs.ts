import type { Connection } from './database.ts';

/**
 * Puts work aside, in the transaction of `db` where it is one. Of jobs with the same key one waits, the latest.
 * @param afterMs  from now; a job may begin later, never sooner
 * @param behind  its place in the line, 0 to 32,767: after all that wait with a smaller one
 */
export async function addJob(
  db: Connection,
  name: string,
  payload: object,
  { key, afterMs = 0, behind = 0 }: { readonly key?: string; readonly afterMs?: number; readonly behind?: number } = {},
): Promise<void> {
  await db.query({
    name: 'jobs.add',
    text: `SELECT jobs.add_job($1, $2::json, run_at => now() + $4 * interval '1 ms', max_attempts => 8, job_key => $3,
                                priority => $5)`,
    values: [name, JSON.stringify(payload), key ?? null, afterMs, behind],
  });
}
