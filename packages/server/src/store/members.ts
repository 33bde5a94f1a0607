import type { ConversationType, Id, Member, MemberRole, Receipt, Seq } from '@carpenter/protocol';
import { nilId } from '../ids.ts';
import type { Connection } from './database.ts';
import { type MemberRow, toMember, toReceipt } from './rows.ts';
import { askedTogether } from './together.ts';

/** Present members may read everything. Index: members (conversation_id, user_id). */
export async function isMember(db: Connection, conversationId: Id, userId: Id): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'members.is_member',
    text: 'SELECT 1 FROM members WHERE conversation_id = $1 AND user_id = $2',
    values: [conversationId, userId],
  });
  return rowCount === 1;
}

/** Those of them who are in it. */
export async function membersAmong(
  db: Connection,
  conversationId: Id,
  userIds: readonly Id[],
): Promise<ReadonlySet<Id>> {
  const { rows } = await db.query<[Id]>({
    name: 'members.among',
    text: 'SELECT user_id FROM members WHERE conversation_id = $1 AND user_id = ANY ($2::uuid[])',
    values: [conversationId, userIds],
    rowMode: 'array',
  });
  return new Set(rows.map(([userId]) => userId));
}

/** Those of them who are in more than `max` conversations, threads they follow among them. Index: members_of_user. */
export async function inMoreThan(db: Connection, max: number, userIds: readonly Id[]): Promise<Id[]> {
  const { rows } = await db.query<[Id]>({
    name: 'members.in_more_than',
    text: `SELECT u.id FROM unnest($1::uuid[]) AS u(id) WHERE (SELECT count(*) FROM members m WHERE m.user_id = u.id) > $2`,
    values: [userIds, max],
    rowMode: 'array',
  });
  return rows.map(([userId]) => userId);
}

/** Where somebody stands in a conversation that they may read: in a thread, by the role they have in its parent. */
export interface Standing {
  readonly role: MemberRole;
  readonly type: ConversationType;
  /** It, or the conversation it hangs on, is read-only. */
  readonly archived: boolean;
  /** Only owners, admins and moderators write in it; its threads are open to all. */
  readonly restricted: boolean;
  readonly parent?: { readonly conversationId: Id; readonly seq: Seq };
}

/** Members may read a conversation and its threads. Undefined: not in it, or no such one. */
export async function standingIn(db: Connection, conversationId: Id, userId: Id): Promise<Standing | undefined> {
  interface Row {
    role: MemberRole;
    type: ConversationType;
    archived: boolean;
    restricted: boolean;
    parent_id: Id;
    parent_seq: Seq | null;
  }
  const { rows } = await db.query<Row>({
    name: 'members.standing',
    text: `SELECT m.role, c.type, r.archived_at IS NOT NULL AS archived, c.writers IS NOT NULL AS restricted,
                  c.parent_id, c.parent_seq FROM conversations c
             JOIN conversations r ON r.id = coalesce(c.parent_id, c.id)
             JOIN members m ON m.conversation_id = r.id AND m.user_id = $2 WHERE c.id = $1`,
    values: [conversationId, userId],
  });
  const [row] = rows;
  if (!row) return undefined;
  const { role, type, archived, restricted, parent_id: parentId, parent_seq: seq } = row;
  return { role, type, archived, restricted, ...(seq !== null && { parent: { conversationId: parentId, seq } }) };
}

export const mayRead = async (db: Connection, conversationId: Id, userId: Id): Promise<boolean> =>
  (await standingIn(db, conversationId, userId)) !== undefined;

/** Those of the names that are accounts, and whether they are in the conversation. */
export async function namedIn(
  db: Connection,
  conversationId: Id,
  usernames: readonly string[],
): Promise<{ id: Id; username: string; member: boolean }[]> {
  const { rows } = await db.query<{ id: Id; username: string; member: boolean }>({
    name: 'members.named',
    text: `SELECT u.id, u.username, m.user_id IS NOT NULL AS member FROM users u
             LEFT JOIN members m ON m.conversation_id = $1 AND m.user_id = u.id WHERE u.username = ANY ($2::text[])`,
    values: [conversationId, usernames],
  });
  return rows;
}

/**
 * Whoever was taken out is let in again by this. Guests of the server come in as guests, whatever role was meant.
 * @returns those who were not in it before, with their roles
 */
export async function insertMembers(
  tx: Connection,
  conversationId: Id,
  members: ReadonlyMap<Id, MemberRole>,
): Promise<Map<Id, MemberRole>> {
  const { rows } = await tx.query<{ user_id: Id; role: MemberRole }>({
    name: 'members.insert',
    text: `WITH back AS (DELETE FROM removals WHERE conversation_id = $1 AND user_id = ANY ($2::uuid[]))
           INSERT INTO members (conversation_id, user_id, role, read_seq, delivered_seq)
           SELECT $1, u.id, CASE WHEN a.role = 'guest' THEN 'guest' ELSE u.role END, h.last_seq, h.last_seq
             FROM unnest($2::uuid[], $3::text[]) AS u(id, role) LEFT JOIN users a ON a.id = u.id, conversation_heads h
            WHERE h.conversation_id = $1
           ON CONFLICT DO NOTHING RETURNING user_id, role`,
    values: [conversationId, [...members.keys()], [...members.values()]],
  });
  return new Map(rows.map(row => [row.user_id, row.role]));
}

export async function deleteMember(tx: Connection, conversationId: Id, userId: Id): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'members.delete',
    text: 'DELETE FROM members WHERE conversation_id = $1 AND user_id = $2',
    values: [conversationId, userId],
  });
  return rowCount === 1;
}

/** They were taken out, and did not go by themselves. */
export async function noteRemoval(tx: Connection, conversationId: Id, userId: Id): Promise<void> {
  await tx.query({
    name: 'members.note_removal',
    text: 'INSERT INTO removals (conversation_id, user_id) VALUES ($1, $2)',
    values: [conversationId, userId],
  });
}

/** Whether they were taken out, since then (ISO 8601) if it is given, and nobody let them in again. */
export async function wasRemoved(
  tx: Connection,
  conversationId: Id,
  userId: Id,
  since = '-infinity',
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'members.was_removed',
    text: 'SELECT FROM removals WHERE conversation_id = $1 AND user_id = $2 AND removed_at >= $3::timestamptz',
    values: [conversationId, userId, since],
  });
  return rowCount === 1;
}

/** Everybody out at once, of a conversation and its threads. @returns who was in the conversation itself, and its threads */
export async function deleteAllMembers(tx: Connection, conversationId: Id): Promise<{ members: Id[]; threads: Id[] }> {
  const { rows } = await tx.query<{ conversation_id: Id; user_id: Id }>({
    name: 'members.delete_all',
    text: `DELETE FROM members m USING conversations c
            WHERE (c.id = $1 OR c.parent_id = $1) AND m.conversation_id = c.id RETURNING m.conversation_id, m.user_id`,
    values: [conversationId],
  });
  const own = rows.filter(row => row.conversation_id === conversationId);
  const threads = new Set(rows.map(row => row.conversation_id));
  threads.delete(conversationId);
  return { members: own.map(row => row.user_id), threads: [...threads] };
}

export async function setRole(tx: Connection, conversationId: Id, userId: Id, role: MemberRole): Promise<void> {
  await tx.query({
    name: 'members.set_role',
    text: 'UPDATE members SET role = $3 WHERE conversation_id = $1 AND user_id = $2',
    values: [conversationId, userId, role],
  });
}

export async function roleOf(db: Connection, conversationId: Id, userId: Id): Promise<MemberRole | undefined> {
  const { rows } = await db.query<{ role: MemberRole }>({
    name: 'members.role_of',
    text: 'SELECT role FROM members WHERE conversation_id = $1 AND user_id = $2',
    values: [conversationId, userId],
  });
  return rows[0]?.role;
}

/** What somebody is in each of these conversations that they are in. */
export async function rolesIn(
  db: Connection,
  conversationIds: readonly Id[],
  userId: Id,
): Promise<Map<Id, MemberRole>> {
  const { rows } = await db.query<{ conversation_id: Id; role: MemberRole }>({
    name: 'members.roles_in',
    text: 'SELECT conversation_id, role FROM members WHERE conversation_id = ANY ($1::uuid[]) AND user_id = $2',
    values: [conversationIds, userId],
  });
  return new Map(rows.map(row => [row.conversation_id, row.role]));
}

export async function countOwners(tx: Connection, conversationId: Id): Promise<number> {
  const { rows } = await tx.query<{ n: number }>({
    name: 'members.count_owners',
    text: `SELECT count(*) AS n FROM members WHERE conversation_id = $1 AND role = 'owner'`,
    values: [conversationId],
  });
  return rows[0]?.n ?? 0;
}

/** Members in the order of their ids, after `afterUserId`, as `viewerId` may see them; without one as anybody may. */
export async function membersAfter(
  db: Connection,
  conversationId: Id,
  afterUserId: Id | undefined,
  limit: number,
  viewerId: Id | undefined,
): Promise<Member[]> {
  const { rows } = await db.query<MemberRow>({
    name: 'members.after',
    text: `SELECT user_id, role, joined_at, shown_read_seq(user_id, read_seq, $4) AS read_seq, delivered_seq FROM members
            WHERE conversation_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3`,
    values: [conversationId, afterUserId ?? nilId, limit, viewerId ?? null],
  });
  return rows.map(toMember);
}

/** All conversations of a person, ids only: what their connections must hear. */
export const conversationIdsOf = askedTogether(async (db, userIds: readonly Id[]) => {
  const { rows } = await db.query<{ user_id: Id; ids: Id[] }>({
    name: 'members.conversations_of',
    text: `SELECT user_id, array_agg(conversation_id) AS ids FROM members WHERE user_id = ANY ($1::uuid[]) GROUP BY user_id`,
    values: [userIds],
  });
  const of = new Map(rows.map(row => [row.user_id, row.ids]));
  return userIds.map(id => of.get(id) ?? []);
});

/** Sets the private mark. @returns the watermarks, undefined for an outsider; a mark beyond the last message changes nothing */
export async function setUnreadFrom(
  db: Connection,
  conversationId: Id,
  userId: Id,
  seq: Seq,
): Promise<Receipt | undefined> {
  const { rows } = await db.query<MemberRow>({
    name: 'members.set_unread_from',
    text: `UPDATE members m
              SET unread_from = CASE WHEN $3 <= h.last_seq THEN $3 ELSE m.unread_from END, marked_at = now()
             FROM conversation_heads h
            WHERE m.conversation_id = $1 AND m.user_id = $2 AND h.conversation_id = $1
        RETURNING m.user_id, m.read_seq, m.delivered_seq`,
    values: [conversationId, userId, seq],
  });
  return rows[0] && toReceipt(rows[0]);
}
