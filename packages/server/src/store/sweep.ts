import type { Id } from '@carpenter/protocol';
import type { Db } from './database.ts';
import { forgetConversation } from './search-index.ts';

/** The work aside that does it. */
export const sweepJob = 'sweep';
const rowsAtOnce = 5_000;

/**
 * Removes what deleted conversations held, a few thousand rows at a time so that nothing waits for it, and at last the conversations.
 * Every table that has a `conversation_id` belongs to it: a new one is swept without a word here. With the index go its words.
 * @returns how many conversations are gone for good
 */
export async function sweepDeleted(db: Db): Promise<number> {
  const tables = await db.query<{ name: string }>(
    `SELECT quote_ident(c.table_name) AS name FROM information_schema.columns c
       JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE c.table_schema = current_schema() AND c.column_name = 'conversation_id' AND t.table_type = 'BASE TABLE'
        AND c.table_name <> 'message_search'`,
  );
  const empty = async (id: Id) => {
    for (const { name } of tables.rows) await emptyOf(db, name, id);
  };
  for (let swept = 0; ; swept++) {
    const { rows } = await db.query<{ id: Id }>({
      name: 'sweep.next',
      text: 'SELECT id FROM conversations WHERE deleted_at IS NOT NULL LIMIT 1',
    });
    const id = rows[0]?.id;
    if (id === undefined) return swept;
    await empty(id);
    await forgetConversation(db, id); // then nobody has anything of it in hand any more
    await empty(id); // what was written by whoever had
    await db.query({ name: 'sweep.conversation', text: 'DELETE FROM conversations WHERE id = $1', values: [id] });
  }
}

async function emptyOf(db: Db, table: string, conversationId: Id): Promise<void> {
  for (;;) {
    const { rowCount } = await db.query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE conversation_id = $1 LIMIT $2))`,
      [conversationId, rowsAtOnce],
    );
    if ((rowCount ?? 0) < rowsAtOnce) return;
  }
}
