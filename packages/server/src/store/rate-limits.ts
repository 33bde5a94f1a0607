import type { Db } from './database.ts';

/** Counts whose time is over say nothing any more. */
export async function sweepRateLimits(db: Db): Promise<void> {
  await db.query({
    name: 'rate_limits.sweep',
    text: 'DELETE FROM rate_limits WHERE expire < $1',
    values: [Date.now()],
  });
}

/** Whether somebody of this name logged in from this address, as far back as is written down. */
export async function cameFrom(db: Db, username: string, address: string): Promise<boolean> {
  const { rows } = await db.query<{ came: boolean }>({
    name: 'rate_limits.came_from',
    text: `SELECT EXISTS (SELECT 1 FROM users u JOIN audit_log a ON a.by_user = u.id
                           WHERE u.username = $1 AND a.what = 'session.begun' AND a.address = $2) AS came`,
    values: [username, address],
  });
  return rows[0]?.came ?? false;
}
