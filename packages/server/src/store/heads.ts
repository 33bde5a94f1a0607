import type { Id } from '@carpenter/protocol';
import type { Connection } from './database.ts';

/** How far a conversation is. */
export interface Head {
  readonly conversationId: Id;
  readonly rev: number;
  readonly lastSeq: number;
}

/** Those of them that nobody has locked at this moment; what does not exist is locked by nobody. */
export async function freeHeads(db: Connection, ids: readonly Id[]): Promise<ReadonlySet<Id>> {
  const { rows } = await db.query<{ id: Id }>({
    name: 'heads.free',
    text: `WITH free AS MATERIALIZED (
             SELECT conversation_id AS id FROM conversation_heads WHERE conversation_id = ANY ($1) FOR UPDATE SKIP LOCKED
           )
           SELECT i.id FROM unnest($1::uuid[]) AS i(id)
            WHERE i.id IN (SELECT id FROM free)
               OR NOT EXISTS (SELECT 1 FROM conversation_heads h WHERE h.conversation_id = i.id)`,
    values: [ids],
  });
  return new Set(rows.map(row => row.id));
}

/** How far these are, once whoever writes in them has finished. @throws where somebody else holds one of them for long */
export async function settledHeads(db: Connection, ids: readonly Id[]): Promise<Head[]> {
  const { rows } = await db.query<{ id: Id; rev: number; last_seq: number }>({
    name: 'heads.settled',
    text: `SELECT conversation_id AS id, rev, last_seq FROM conversation_heads
            WHERE conversation_id = ANY ($1) ORDER BY conversation_id FOR KEY SHARE`,
    values: [ids],
  });
  return rows.map(({ id, rev, last_seq }) => ({ conversationId: id, rev, lastSeq: last_seq }));
}
