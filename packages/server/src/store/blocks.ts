import type { Id } from '@carpenter/protocol';
import type { Connection, Db } from './database.ts';

/** Whom somebody has blocked. Index: blocks (user_id, blocked_id). */
export async function blockedBy(db: Connection, userId: Id): Promise<Id[]> {
  const { rows } = await db.query<[Id]>({
    name: 'blocks.by',
    text: 'SELECT blocked_id FROM blocks WHERE user_id = $1 ORDER BY at',
    values: [userId],
    rowMode: 'array',
  });
  return rows.map(([id]) => id);
}

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
