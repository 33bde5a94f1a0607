import type { Id } from '@carpenter/protocol';
import type { Db } from './database.ts';
import { askedTogether } from './together.ts';

/** Whom somebody has blocked. Index: blocks (user_id, blocked_id). */
export const blockedBy = askedTogether(async (db, userIds: readonly Id[]) => {
  const { rows } = await db.query<{ user_id: Id; blocked_id: Id }>({
    name: 'blocks.by',
    text: 'SELECT user_id, blocked_id FROM blocks WHERE user_id = ANY ($1::uuid[]) ORDER BY at',
    values: [userIds],
  });
  const by = Map.groupBy(rows, row => row.user_id);
  return userIds.map(id => (by.get(id) ?? []).map(row => row.blocked_id));
});

/** @returns false: there are `max` already */
export async function insertBlock(db: Db, userId: Id, blockedId: Id, max: number): Promise<boolean> {
  const { rows } = await db.query<{ n: number }>({
    name: 'blocks.insert',
    text: `WITH there AS (SELECT count(*) AS n FROM blocks WHERE user_id = $1 AND blocked_id <> $2), put AS (
             INSERT INTO blocks (user_id, blocked_id) SELECT $1, $2 FROM there WHERE n < $3 ON CONFLICT DO NOTHING
           ) SELECT n FROM there`,
    values: [userId, blockedId, max],
  });
  return (rows[0]?.n ?? 0) < max;
}

export async function deleteBlock(db: Db, userId: Id, blockedId: Id): Promise<void> {
  await db.query({
    name: 'blocks.delete',
    text: 'DELETE FROM blocks WHERE user_id = $1 AND blocked_id = $2',
    values: [userId, blockedId],
  });
}
