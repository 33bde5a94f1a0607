import type { Id, Session } from '@carpenter/protocol';
import type { Connection, Db } from './database.ts';
import { iso, type Time } from './rows.ts';
import { askedTogether } from './together.ts';

/** A device that did not refresh for so long is logged out. */
export const idleDays = 60;
const alive = `s.ended_at IS NULL AND s.refreshed_at > now() - interval '${idleDays} days'`;

export type EndReason = 'logout' | 'ended' | 'reuse' | 'suspended' | 'expired';

/**
 * Behind the lock of the password, so that one that is changed just now ends this session too.
 * @param passwordHash  what it was begun with; absent: with an account that was made just now
 * @returns false: there is another password by now
 */
export async function insertSession(
  db: Connection,
  session: { id: Id; userId: Id; device: string },
  passwordHash?: string,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'sessions.insert',
    text: `INSERT INTO auth_sessions (id, user_id, device) SELECT $1, c.user_id, $3 FROM credentials c
            WHERE c.user_id = $2 AND ($4::text IS NULL OR c.password_hash = $4) FOR SHARE`,
    values: [session.id, session.userId, session.device, passwordHash ?? null],
  });
  return rowCount === 1;
}

/** @returns false: it had ended before, or is not of this person */
export async function endSession(db: Connection, userId: Id, sessionId: Id, because: EndReason): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'sessions.end',
    text: `UPDATE auth_sessions SET ended_at = now(), ended_because = $3
            WHERE id = $1 AND user_id = $2 AND ended_at IS NULL`,
    values: [sessionId, userId, because],
  });
  return rowCount === 1;
}

/** All of somebody's sessions but one. @returns those that ended now */
export async function endOtherSessions(db: Connection, userId: Id, but: Id): Promise<Id[]> {
  const { rows } = await db.query<{ id: Id }>({
    name: 'sessions.end_others',
    text: `UPDATE auth_sessions SET ended_at = now(), ended_because = 'ended'
            WHERE user_id = $1 AND id <> $2 AND ended_at IS NULL RETURNING id`,
    values: [userId, but],
  });
  return rows.map(row => row.id);
}

/** Latest used first, at most 100. */
export async function liveSessions(db: Db, userId: Id, current: Id): Promise<Session[]> {
  const { rows } = await db.query<{ id: Id; device: string; created_at: Time; refreshed_at: Time }>({
    name: 'sessions.live',
    text: `SELECT s.id, s.device, s.created_at, s.refreshed_at FROM auth_sessions s
            WHERE s.user_id = $1 AND ${alive} ORDER BY s.refreshed_at DESC LIMIT 100`,
    values: [userId],
  });
  return rows.map(row => ({
    id: row.id,
    device: row.device,
    createdAt: iso(row.created_at),
    lastUsedAt: iso(row.refreshed_at),
    current: row.id === current,
  }));
}

/** Logins that nobody used for `idleDays`, ended or not: they open nothing. @returns how many went, at most 10,000 */
export async function sweepSessions(db: Db): Promise<number> {
  const { rowCount } = await db.query({
    name: 'sessions.sweep',
    text: `DELETE FROM auth_sessions WHERE id = ANY (ARRAY(
             SELECT id FROM auth_sessions WHERE refreshed_at < now() - interval '${idleDays} days' LIMIT 10000))`,
  });
  return rowCount ?? 0;
}

export type Standing = 'live' | 'ended' | 'suspended';

/** Whether an access token of this session still opens doors. */
export const standingOf = askedTogether(async (db, sessionIds: readonly Id[]) => {
  const { rows } = await db.query<{ id: Id; standing: Standing }>({
    name: 'sessions.standing',
    text: `SELECT s.id, CASE WHEN u.suspended_at IS NULL THEN 'live' ELSE 'suspended' END AS standing
             FROM auth_sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ANY ($1::uuid[]) AND ${alive}`,
    values: [sessionIds],
  });
  const known = new Map(rows.map(({ id, standing }) => [id, standing]));
  return sessionIds.map((id): Standing => known.get(id) ?? 'ended');
});

/** Those of the sessions that stand no longer, and why. Index: the primary key. */
export async function fallenAmong(db: Db, ids: readonly Id[]): Promise<Map<Id, Exclude<Standing, 'live'>>> {
  const { rows } = await db.query<{ id: Id; suspended: boolean }>({
    name: 'sessions.fallen',
    text: `SELECT i.id, u.id IS NOT NULL AS suspended FROM unnest($1::uuid[]) AS i(id)
             LEFT JOIN auth_sessions s ON s.id = i.id AND ${alive}
             LEFT JOIN users u ON u.id = s.user_id AND u.suspended_at IS NOT NULL
            WHERE s.id IS NULL OR u.id IS NOT NULL`,
    values: [ids],
  });
  return new Map(rows.map(({ id, suspended }) => [id, suspended ? 'suspended' : 'ended']));
}

/**
 * One step of the rotation, safe against two at a time: the row moves from generation n to n + 1 once.
 * `again`: this token was used less than 10 s ago (two tabs, a lost answer) and has the same successor.
 */
export async function rotate(
  db: Db,
  sessionId: Id,
  generation: number,
): Promise<{ outcome: 'rotated' | 'again' | 'reused' | 'ended' | 'suspended'; userId: Id } | undefined> {
  const moved = await db.query<{ user_id: Id }>({
    name: 'sessions.rotate',
    text: `UPDATE auth_sessions s SET generation = s.generation + 1, refreshed_at = now() FROM users u
            WHERE s.id = $1 AND s.generation = $2 AND u.id = s.user_id AND u.suspended_at IS NULL AND ${alive}
            RETURNING s.user_id`,
    values: [sessionId, generation],
  });
  if (moved.rows[0]) return { outcome: 'rotated', userId: moved.rows[0].user_id };
  const { rows } = await db.query<{ user_id: Id; alive: boolean; suspended: boolean; next: boolean; used: boolean }>({
    name: 'sessions.not_rotated',
    text: `SELECT s.user_id, ${alive} AS alive, u.suspended_at IS NOT NULL AS suspended, s.generation > $2 AS used,
                  s.generation = $2 + 1 AND s.refreshed_at > now() - interval '10 seconds' AS next
             FROM auth_sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1`,
    values: [sessionId, generation],
  });
  const [row] = rows;
  if (!row) return undefined;
  const userId = row.user_id;
  if (!row.alive) return { outcome: 'ended', userId };
  if (row.suspended) return { outcome: 'suspended', userId };
  if (row.next) return { outcome: 'again', userId };
  return { outcome: row.used ? 'reused' : 'ended', userId };
}
