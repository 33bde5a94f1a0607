import type { Id, Seq } from '@carpenter/protocol';
import { createRecent } from '../recent.ts';
import type { Db } from './database.ts';

/** The message that a thread hangs on. */
export interface Parent {
  readonly conversationId: Id;
  readonly seq: Seq;
}
/** Undefined: no thread. A promise where PostgreSQL has to be asked. */
export type ParentOf = (conversationId: Id) => Parent | undefined | Promise<Parent | undefined>;

/** What a conversation hangs on never changes, so it is asked for once and remembered. */
export function createParents(db: Db): ParentOf {
  const known = createRecent<Id, { parent: Parent | undefined } | Promise<Parent | undefined>>(100_000);

  async function ask(conversationId: Id): Promise<Parent | undefined> {
    const { rows } = await db.query<{ parent_id: Id | null; parent_seq: Seq | null }>({
      name: 'conversations.parent',
      text: 'SELECT parent_id, parent_seq FROM conversations WHERE id = $1',
      values: [conversationId],
    });
    const [row] = rows;
    const parent =
      row?.parent_id && row.parent_seq ? { conversationId: row.parent_id, seq: row.parent_seq } : undefined;
    if (row) known.set(conversationId, { parent });
    else known.delete(conversationId); // it may come to be
    return parent;
  }

  return conversationId => {
    const answer = known.get(conversationId);
    if (answer !== undefined) return answer instanceof Promise ? answer : answer.parent;
    const asked = ask(conversationId);
    known.set(conversationId, asked);
    asked.catch(() => known.delete(conversationId)); // told to whoever waits; the next one asks again
    return asked;
  };
}
