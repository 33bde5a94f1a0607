import type { Conversation, Id, MemberRole } from '@carpenter/protocol';
import type { Connection } from './database.ts';
import { insertMembers } from './members.ts';
import { type ConversationRow, conversationColumns, only, toConversation } from './rows.ts';

export const directKey = (a: Id, b: Id): string => [a, b].sort().join(':');

interface NewConversation {
  readonly id: Id;
  readonly type: 'direct' | 'group';
  readonly name?: string | undefined;
  readonly directKey?: string | undefined;
  readonly createdBy: Id;
  readonly members: ReadonlyMap<Id, MemberRole>;
}

/** @returns false when the direct conversation of these two exists already */
export async function insertConversation(tx: Connection, c: NewConversation): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'conversations.insert',
    text: `INSERT INTO conversations (id, type, name, direct_key, member_count, meta_rev, created_by)
           VALUES ($1, $2, $3, $4, $5, 1, $6) ON CONFLICT (direct_key) DO NOTHING`,
    values: [c.id, c.type, c.name ?? null, c.directKey ?? null, c.members.size, c.createdBy],
  });
  if (rowCount === 0) return false;
  await tx.query({
    name: 'heads.insert',
    text: 'INSERT INTO conversation_heads (conversation_id, rev) VALUES ($1, 1)',
    values: [c.id],
  });
  await insertMembers(tx, c.id, c.members);
  return true;
}

/** Holds the head until the transaction ends: nothing in the conversation changes meanwhile. Undefined: no such one. */
export async function lockHead(
  tx: Connection,
  conversationId: Id,
): Promise<{ lastSeq: number; rev: number } | undefined> {
  const { rows } = await tx.query<{ last_seq: number; rev: number }>({
    name: 'heads.lock',
    text: 'SELECT last_seq, rev FROM conversation_heads WHERE conversation_id = $1 FOR UPDATE',
    values: [conversationId],
  });
  return rows[0] && { lastSeq: rows[0].last_seq, rev: rows[0].rev };
}

/** Writes what changed beside the messages and remembers at which `rev`. */
export async function touchConversation(
  tx: Connection,
  conversationId: Id,
  rev: number,
  change: { readonly name?: string | undefined; readonly topic?: string | undefined; readonly joined?: number },
): Promise<Conversation> {
  const { rows } = await tx.query<ConversationRow>({
    name: 'conversations.touch',
    text: `UPDATE conversations c SET meta_rev = $2, name = coalesce($3, c.name), topic = coalesce($4, c.topic),
                  member_count = c.member_count + $5
            WHERE c.id = $1 RETURNING ${conversationColumns}`,
    values: [conversationId, rev, change.name ?? null, change.topic ?? null, change.joined ?? 0],
  });
  return toConversation(only(rows));
}

export async function conversationById(db: Connection, conversationId: Id): Promise<Conversation | undefined> {
  const { rows } = await db.query<ConversationRow>({
    name: 'conversations.by_id',
    text: `SELECT ${conversationColumns} FROM conversations c WHERE c.id = $1`,
    values: [conversationId],
  });
  return rows[0] && toConversation(rows[0]);
}

export async function directConversationId(db: Connection, a: Id, b: Id): Promise<Id | undefined> {
  const { rows } = await db.query<{ id: Id }>({
    name: 'conversations.direct',
    text: 'SELECT id FROM conversations WHERE direct_key = $1',
    values: [directKey(a, b)],
  });
  return rows[0]?.id;
}
