import type { Id } from '@carpenter/protocol';
import type { Connection } from './database.ts';

/** Sees only the conversations they were invited to, and who is in them. */
export async function isGuest(db: Connection, userId: Id): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'users.is_guest',
    text: `SELECT 1 FROM users WHERE id = $1 AND role = 'guest'`,
    values: [userId],
  });
  return rowCount === 1;
}

/**
 * Those of these people who exist for somebody: all of them, unless they are a guest.
 * Index: members (user_id, conversation_id), then members (conversation_id, user_id).
 */
export async function seenBy(db: Connection, userId: Id, userIds: readonly Id[]): Promise<readonly Id[]> {
  if (!(await isGuest(db, userId))) return userIds;
  const { rows } = await db.query<[Id]>({
    name: 'guests.seen_by',
    text: `SELECT DISTINCT b.user_id FROM members a JOIN members b ON b.conversation_id = a.conversation_id
            WHERE a.user_id = $1 AND b.user_id = ANY ($2::uuid[])`,
    values: [userId, userIds],
    rowMode: 'array',
  });
  return rows.map(([id]) => id);
}
