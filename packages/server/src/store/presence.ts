import type { Id, Presence, PresenceStatus } from '@carpenter/protocol';
import type { Connection } from './database.ts';
import { iso, type Time } from './rows.ts';
import { activeStatus, type StatusRow, toStatus } from './statuses.ts';
import { askedTogether } from './together.ts';

interface PresenceRow {
  user_id: Id;
  status: PresenceStatus;
  last_seen_at: Time | null;
  custom: StatusRow | null;
}

/** People who were never here and say nothing are left out. Indexes: the keys of all three. */
export const presenceOf = askedTogether(async (db, asked: readonly (readonly Id[])[]) => {
  const { rows } = await db.query<PresenceRow>({
    name: 'presence.of',
    text: `SELECT u.id AS user_id, coalesce(p.status, 'offline') AS status, to_jsonb(s) AS custom,
                  CASE WHEN NOT u.hides_last_seen THEN p.last_seen_at END AS last_seen_at
             FROM users u
             LEFT JOIN presence p ON p.user_id = u.id
             LEFT JOIN custom_statuses s ON s.user_id = u.id AND ${activeStatus}
            WHERE u.id = ANY ($1::uuid[]) AND (p.user_id IS NOT NULL OR s.user_id IS NOT NULL)`,
    values: [[...new Set(asked.flat())]],
  });
  const found = new Map(rows.map(row => [row.user_id, toPresence(row)]));
  return asked.map(ids => ids.flatMap(id => found.get(id) ?? []));
});

const toPresence = ({ user_id: userId, status, last_seen_at: seen, custom }: PresenceRow): Presence => ({
  userId,
  status,
  ...(seen && { lastSeenAt: iso(seen) }),
  ...(custom && { custom: toStatus(custom) }),
});

export async function writePresence(
  db: Connection,
  now: readonly { userId: Id; status: PresenceStatus }[],
): Promise<void> {
  await db.query({
    name: 'presence.write',
    text: `INSERT INTO presence (user_id, status, last_seen_at)
           SELECT id, status, now() FROM unnest($1::uuid[], $2::text[]) AS p(id, status)
           ON CONFLICT (user_id) DO UPDATE SET status = excluded.status, last_seen_at = excluded.last_seen_at`,
    values: [now.map(p => p.userId), now.map(p => p.status)],
  });
}

/**
 * After a crash nobody is connected any more, whatever the table says. Since when nobody wrote down: of those who were here, it is
 * known when one of their devices last renewed its token, a quarter of an hour before at most. Index: auth_sessions_live.
 */
export async function everybodyIsAway(db: Connection): Promise<void> {
  await db.query(
    `UPDATE presence p SET status = 'offline', last_seen_at = greatest(p.last_seen_at,
            (SELECT max(s.refreshed_at) FROM auth_sessions s WHERE s.user_id = p.user_id AND s.ended_at IS NULL))
      WHERE status <> 'offline'`,
  );
}

/** For each of `userIds`, who hears of their presence: everybody they share a conversation with that is no larger than `smallRoom`. */
export async function presenceAudience(
  db: Connection,
  userIds: readonly Id[],
  smallRoom: number,
): Promise<Map<Id, Id[]>> {
  const { rows } = await db.query<{ about: Id; hearers: Id[] }>({
    name: 'presence.audience',
    text: `SELECT me.user_id AS about, array_agg(DISTINCT other.user_id) AS hearers
             FROM members me
             JOIN conversations c ON c.id = me.conversation_id AND c.member_count <= $2
             JOIN members other ON other.conversation_id = me.conversation_id AND other.user_id <> me.user_id
            WHERE me.user_id = ANY ($1::uuid[]) GROUP BY me.user_id`,
    values: [userIds, smallRoom],
  });
  return new Map(rows.map(row => [row.about, row.hearers]));
}
