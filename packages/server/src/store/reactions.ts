import { fixed, type Id, type Owns, type Reaction, type Seq } from '@carpenter/protocol';
import { type Chosen, chosenAfter } from './chosen.ts';
import type { Connection } from './database.ts';
import { askedTogether } from './together.ts';

/** @returns false: it was so already */
export async function insertReaction(
  tx: Connection,
  conversationId: Id,
  seq: Seq,
  userId: Id,
  emoji: string,
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'reactions.insert',
    text: 'INSERT INTO reactions (conversation_id, seq, emoji, user_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    values: [conversationId, seq, emoji, userId],
  });
  return rowCount === 1;
}

/** @returns false: it was so already */
export async function deleteReaction(
  tx: Connection,
  conversationId: Id,
  seq: Seq,
  userId: Id,
  emoji: string,
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'reactions.delete',
    text: 'DELETE FROM reactions WHERE conversation_id = $1 AND seq = $2 AND emoji = $3 AND user_id = $4',
    values: [conversationId, seq, emoji, userId],
  });
  return rowCount === 1;
}

export async function deleteReactions(tx: Connection, conversationId: Id, seq: Seq): Promise<void> {
  await tx.query({
    name: 'reactions.delete_all',
    text: 'DELETE FROM reactions WHERE conversation_id = $1 AND seq = $2',
    values: [conversationId, seq],
  });
}

/** Who reacted so, first ones first. */
export const reactedAfter = (
  db: Connection,
  conversationId: Id,
  seq: Seq,
  emoji: string,
  after: Chosen | undefined,
  limit: number,
): Promise<Chosen[]> =>
  chosenAfter(db, { table: 'reactions', column: 'emoji' }, [conversationId, seq, emoji], after, limit);

/** What the message says of its reactions, after one of them changed. */
export async function countedReactions(
  tx: Connection,
  conversationId: Id,
  seq: Seq,
  before: readonly Reaction[],
  emoji: string,
  by: number,
): Promise<Reaction[]> {
  const first = await reactedAfter(tx, conversationId, seq, emoji, undefined, fixed.firstMax);
  const known = before.find(reaction => reaction.emoji === emoji);
  const count = (known?.count ?? 0) + by;
  const changed: Reaction = { emoji, count, first: first.map(({ userId }) => userId) };
  if (!known) return [...before, changed];
  return before.flatMap(reaction => (reaction.emoji !== emoji ? [reaction] : count > 0 ? [changed] : []));
}

/** What is mine at these messages: reactions and votes. Indexes: reactions_mine, poll_votes_mine. */
export async function ownAt(db: Connection, conversationId: Id, userId: Id, seqs: readonly Seq[]): Promise<Owns> {
  if (seqs.length === 0) return {};
  return ownOf(db, { conversation_id: conversationId, user_id: userId, seqs });
}

interface Page {
  readonly conversation_id: Id;
  readonly user_id: Id;
  readonly seqs: readonly Seq[];
}
const ownOf = askedTogether(async (db, pages: readonly Page[]): Promise<Owns[]> => {
  const { rows } = await db.query<{ n: number; seq: Seq; emoji: string[] | null; votes: number[] | null }>({
    name: 'own.at',
    text: `SELECT q.n, s.seq, r.emoji, v.votes
             FROM ROWS FROM (jsonb_to_recordset($1) AS (conversation_id uuid, user_id uuid, seqs bigint[]))
             WITH ORDINALITY AS q (conversation_id, user_id, seqs, n)
            CROSS JOIN unnest(q.seqs) AS s(seq)
      LEFT JOIN LATERAL (SELECT array_agg(emoji ORDER BY at) AS emoji FROM reactions
             WHERE conversation_id = q.conversation_id AND user_id = q.user_id AND reactions.seq = s.seq) r ON true
      LEFT JOIN LATERAL (SELECT array_agg(option ORDER BY option) AS votes FROM poll_votes
             WHERE conversation_id = q.conversation_id AND user_id = q.user_id AND poll_votes.seq = s.seq) v ON true
            WHERE r.emoji IS NOT NULL OR v.votes IS NOT NULL`,
    values: [JSON.stringify(pages)],
  });
  const found = Map.groupBy(rows, row => row.n);
  return pages.map((_, i) =>
    Object.fromEntries(
      (found.get(i + 1) ?? []).map(({ seq, emoji, votes }) => [
        seq,
        { ...(emoji && { emoji }), ...(votes && { votes }) },
      ]),
    ),
  );
});
