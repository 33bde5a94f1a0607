import type { Id } from '@carpenter/protocol';
import type { Connection } from './database.ts';
import { askedTogether } from './together.ts';

/** Sees only the conversations they were invited to, and who is in them. */
export const isGuest = askedTogether(async (db, userIds: readonly Id[]) => {
  const { rows } = await db.query<{ id: Id }>({
    name: 'users.is_guest',
    text: `SELECT id FROM users WHERE id = ANY ($1::uuid[]) AND role = 'guest'`,
    values: [userIds],
  });
  const guests = new Set(rows.map(({ id }) => id));
  return userIds.map(id => guests.has(id));
});

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
