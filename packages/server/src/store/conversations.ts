import type { Conversation, Id, MemberRole, Visibility } from '@carpenter/protocol';
import type { Connection } from './database.ts';
import { insertMembers } from './members.ts';
import { type ConversationRow, conversationColumns, only, toConversation } from './rows.ts';

export const directKey = (a: Id, b: Id): string => [a, b].sort().join(':');

export interface NewConversation {
  readonly id: Id;
  readonly type: 'direct' | 'group' | 'channel';
  readonly name?: string | undefined;
  readonly topic?: string | undefined;
  readonly visibility?: Visibility | undefined;
  /** Accounts come into it when they are made. */
  readonly everybody?: boolean;
  readonly directKey?: string | undefined;
  readonly createdBy: Id;
  readonly members: ReadonlyMap<Id, MemberRole>;
}

/** @returns who is in it; undefined when the direct conversation of these two, or a public channel of this name, exists already */
export async function insertConversation(
  tx: Connection,
  c: NewConversation,
): Promise<ReadonlyMap<Id, MemberRole> | undefined> {
  const { rowCount } = await tx.query({
    name: 'conversations.insert',
    text: `INSERT INTO conversations
             (id, type, name, direct_key, member_count, meta_rev, created_by, topic, visibility, everybody)
           VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    values: [
      c.id,
      c.type,
      c.name ?? null,
      c.directKey ?? null,
      c.members.size,
      c.createdBy,
      c.topic ?? null,
      c.visibility ?? null,
      c.everybody ?? false,
    ],
  });
  if (rowCount === 0) return undefined;
  await tx.query({
    name: 'heads.insert',
    text: 'INSERT INTO conversation_heads (conversation_id, rev) VALUES ($1, 1)',
    values: [c.id],
  });
  return insertMembers(tx, c.id, c.members);
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

/** What can change beside messages; what is absent stays. */
export interface ConversationChange {
  readonly name?: string | undefined;
  readonly topic?: string | undefined;
  /** null: none any more. */
  readonly pictureId?: Id | null | undefined;
  readonly visibility?: Visibility | undefined;
  readonly writers?: 'everybody' | 'moderators' | undefined;
  readonly archived?: boolean | undefined;
  /** How many more are in it. */
  readonly joined?: number;
}

/**
 * Writes what changed beside the messages and remembers at which `rev`.
 * @throws the driver's unique violation where a public channel has that name: see `isNameTaken`
 */
export async function touchConversation(
  tx: Connection,
  conversationId: Id,
  rev: number,
  change: ConversationChange,
): Promise<Conversation> {
  const { rows } = await tx.query<ConversationRow>({
    name: 'conversations.touch',
    text: `UPDATE conversations c SET meta_rev = $2, name = coalesce($3, c.name), topic = coalesce($4, c.topic),
                  member_count = c.member_count + $5, visibility = coalesce($6, c.visibility),
                  writers = CASE $7 WHEN 'moderators' THEN $7 WHEN 'everybody' THEN NULL ELSE c.writers END,
                  archived_at = CASE $8::boolean WHEN true THEN date_trunc('milliseconds', clock_timestamp())
                                                 WHEN false THEN NULL ELSE c.archived_at END,
                  picture_id = CASE WHEN $9 THEN $10 ELSE c.picture_id END
            WHERE c.id = $1 RETURNING ${conversationColumns}`,
    values: [
      conversationId,
      rev,
      change.name ?? null,
      change.topic ?? null,
      change.joined ?? 0,
      change.visibility ?? null,
      change.writers ?? null,
      change.archived ?? null,
      change.pictureId !== undefined,
      change.pictureId ?? null,
    ],
  });
  return toConversation(only(rows));
}

export const isNameTaken = (error: unknown): boolean =>
  error instanceof Error && 'constraint' in error && error.constraint === 'conversations_public';

/** Which roles write from now on; null: all. Threads are closed and opened with what they belong to, and never restricted. */
export async function setWriters(
  tx: Connection,
  conversationId: Id,
  roles: readonly MemberRole[] | null,
  threads: readonly MemberRole[] | null,
): Promise<void> {
  await tx.query({
    name: 'heads.set_writers',
    text: 'UPDATE conversation_heads SET writers = $2 WHERE conversation_id = $1',
    values: [conversationId, roles],
  });
  await tx.query({
    name: 'heads.set_thread_writers',
    text: `UPDATE conversation_heads SET writers = $2
            WHERE conversation_id IN (SELECT id FROM conversations WHERE parent_id = $1) AND writers IS DISTINCT FROM $2`,
    values: [conversationId, threads],
  });
}

export async function conversationById(db: Connection, conversationId: Id): Promise<Conversation | undefined> {
  const { rows } = await db.query<ConversationRow>({
    name: 'conversations.by_id',
    text: `SELECT ${conversationColumns} FROM conversations c WHERE c.id = $1 AND c.deleted_at IS NULL`,
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

/** … with its threads, for `sweepDeleted`. A direct conversation is never deleted. */
export async function markDeleted(tx: Connection, conversationId: Id): Promise<void> {
  await tx.query({
    name: 'conversations.mark_deleted',
    text: `UPDATE conversations SET deleted_at = now(), member_count = 0 WHERE id = $1 OR parent_id = $1`,
    values: [conversationId],
  });
}

/** Those that everybody comes into with their account. Index: conversations_everybody. */
export async function conversationsOfEverybody(db: Connection): Promise<Id[]> {
  const { rows } = await db.query<{ id: Id }>({
    name: 'conversations.everybody',
    text: 'SELECT id FROM conversations WHERE everybody AND deleted_at IS NULL ORDER BY id',
  });
  return rows.map(row => row.id);
}
