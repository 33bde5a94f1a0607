import type { Db } from './database.ts';

const rowsAtOnce = 10_000;

/** Counts whose time is over say nothing any more. Index: rate_limits_expire. */
export async function sweepRateLimits(db: Db): Promise<void> {
  for (const now = Date.now(); ; ) {
    const { rowCount } = await db.query({
      name: 'rate_limits.sweep',
      text: `DELETE FROM rate_limits WHERE expire < $1 AND key = ANY (ARRAY(
               SELECT key FROM rate_limits WHERE expire < $1 ORDER BY expire LIMIT $2))`,
      values: [now, rowsAtOnce],
    });
    if ((rowCount ?? 0) < rowsAtOnce) return;
  }
}
