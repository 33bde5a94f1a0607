import type { CustomStatus, Id } from '@carpenter/protocol';
import type { Connection } from './database.ts';
import { iso, type Time } from './rows.ts';

export interface StatusRow {
  text: string;
  emoji: string | null;
  until: Time | null;
}
/** Of `custom_statuses s`: has not ended. */
export const activeStatus = '(s.until IS NULL OR s.until > now())';

export const toStatus = ({ text, emoji, until }: StatusRow): CustomStatus => ({
  text,
  ...(emoji !== null && { emoji }),
  ...(until !== null && { until: iso(until) }),
});

export async function writeStatus(db: Connection, userId: Id, { text, emoji, until }: CustomStatus): Promise<void> {
  await db.query({
    name: 'statuses.write',
    text: `INSERT INTO custom_statuses (user_id, text, emoji, until) VALUES ($1, $2, $3, $4)
           ON CONFLICT (user_id) DO UPDATE SET text = excluded.text, emoji = excluded.emoji, until = excluded.until`,
    values: [userId, text, emoji ?? null, until ?? null],
  });
}

export async function deleteStatus(db: Connection, userId: Id): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'statuses.delete',
    text: 'DELETE FROM custom_statuses WHERE user_id = $1',
    values: [userId],
  });
  return rowCount === 1;
}

/** Takes away what has ended; each is given to one node only. Index: custom_statuses_ending. */
export async function takeEndedStatuses(db: Connection, limit: number): Promise<{ userId: Id; username: string }[]> {
  const { rows } = await db.query<{ id: Id; username: string }>({
    name: 'statuses.take_ended',
    text: `DELETE FROM custom_statuses s USING users u WHERE u.id = s.user_id AND s.user_id IN (
             SELECT user_id FROM custom_statuses WHERE until <= now() ORDER BY until LIMIT $1 FOR UPDATE SKIP LOCKED)
           RETURNING u.id, u.username`,
    values: [limit],
  });
  return rows.map(({ id: userId, username }) => ({ userId, username }));
}

/** When the next one ends. */
export async function nextStatusEnd(db: Connection): Promise<Date | undefined> {
  const { rows } = await db.query<{ at: Date | null }>({
    name: 'statuses.next_end',
    text: 'SELECT min(until) AS at FROM custom_statuses',
  });
  return rows[0]?.at ?? undefined;
}
