import type { Id, Seq } from '@carpenter/protocol';
import { nilId } from '../ids.ts';
import type { Connection } from './database.ts';
import { placeOf } from './rows.ts';

export interface Chosen {
  readonly userId: Id;
  /** With microseconds: a page goes on behind it. */
  readonly at: string;
}

type Where =
  | { readonly table: 'reactions'; readonly column: 'emoji' }
  | { readonly table: 'poll_votes'; readonly column: 'option' };

/** A page of who chose one thing at a message, first ones first. Indexes: reactions_in_order, poll_votes_in_order. */
export async function chosenAfter(
  db: Connection,
  { table, column }: Where,
  [conversationId, seq, choice]: readonly [Id, Seq, string | number],
  after: Chosen | undefined,
  limit: number,
): Promise<Chosen[]> {
  const { rows } = await db.query<{ user_id: Id; at: string }>({
    name: `${table}.after`,
    text: `SELECT user_id, ${placeOf('at')} AS at FROM ${table} t
            WHERE conversation_id = $1 AND seq = $2 AND ${column} = $3 AND (t.at, user_id) > ($4::timestamptz, $5::uuid)
            ORDER BY t.at, user_id LIMIT $6`,
    values: [conversationId, seq, choice, after?.at ?? '-infinity', after?.userId ?? nilId, limit],
  });
  return rows.map(row => ({ userId: row.user_id, at: row.at }));
}
