import type { Id, Seq } from '@carpenter/protocol';
import { type Chosen, chosenAfter } from './chosen.ts';
import type { Connection } from './database.ts';

/** Somebody's votes from now on. @returns what changed: options that lost and that gained one */
export async function setVotes(
  tx: Connection,
  conversationId: Id,
  seq: Seq,
  userId: Id,
  options: readonly number[],
): Promise<{ lost: number[]; gained: number[] }> {
  const lost = await tx.query<{ option: number }>({
    name: 'votes.delete',
    text: `DELETE FROM poll_votes WHERE conversation_id = $1 AND seq = $2 AND user_id = $3 AND option <> ALL ($4::int[])
           RETURNING option`,
    values: [conversationId, seq, userId, options],
  });
  const gained = await tx.query<{ option: number }>({
    name: 'votes.insert',
    text: `INSERT INTO poll_votes (conversation_id, seq, option, user_id) SELECT $1, $2, o, $3 FROM unnest($4::int[]) AS o
           ON CONFLICT DO NOTHING RETURNING option`,
    values: [conversationId, seq, userId, options],
  });
  return { lost: lost.rows.map(row => row.option), gained: gained.rows.map(row => row.option) };
}

export async function deleteVotes(tx: Connection, conversationId: Id, seq: Seq): Promise<void> {
  await tx.query({
    name: 'votes.delete_all',
    text: 'DELETE FROM poll_votes WHERE conversation_id = $1 AND seq = $2',
    values: [conversationId, seq],
  });
}

/** Who chose this answer, first ones first. */
export const votedAfter = (
  db: Connection,
  conversationId: Id,
  seq: Seq,
  option: number,
  after: Chosen | undefined,
  limit: number,
): Promise<Chosen[]> =>
  chosenAfter(db, { table: 'poll_votes', column: 'option' }, [conversationId, seq, option], after, limit);
