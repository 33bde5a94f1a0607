import type { Id, Member, MemberRole, Receipt, Seq } from '@carpenter/protocol';
import type { Connection } from './database.ts';
import { type MemberRow, toMember, toReceipt } from './rows.ts';

/** Present members may read everything. Index: members (conversation_id, user_id). */
export async function isMember(db: Connection, conversationId: Id, userId: Id): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'members.is_member',
    text: 'SELECT 1 FROM members WHERE conversation_id = $1 AND user_id = $2',
    values: [conversationId, userId],
  });
  return rowCount === 1;
}

/** @returns those who were not in it before */
export async function insertMembers(
  tx: Connection,
  conversationId: Id,
  members: ReadonlyMap<Id, MemberRole>,
): Promise<Id[]> {
  const { rows } = await tx.query<{ user_id: Id }>({
    name: 'members.insert',
    text: `INSERT INTO members (conversation_id, user_id, role, read_seq, delivered_seq)
           SELECT $1, u.id, u.role, h.last_seq, h.last_seq
             FROM unnest($2::uuid[], $3::text[]) AS u(id, role), conversation_heads h WHERE h.conversation_id = $1
           ON CONFLICT DO NOTHING RETURNING user_id`,
    values: [conversationId, [...members.keys()], [...members.values()]],
  });
  return rows.map(row => row.user_id);
}

export async function deleteMember(tx: Connection, conversationId: Id, userId: Id): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'members.delete',
    text: 'DELETE FROM members WHERE conversation_id = $1 AND user_id = $2',
    values: [conversationId, userId],
  });
  return rowCount === 1;
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

export async function countOwners(tx: Connection, conversationId: Id): Promise<number> {
  const { rows } = await tx.query<{ n: number }>({
    name: 'members.count_owners',
    text: `SELECT count(*) AS n FROM members WHERE conversation_id = $1 AND role = 'owner'`,
    values: [conversationId],
  });
  return rows[0]?.n ?? 0;
}

/** Members in the order of their ids, after `afterUserId`. */
export async function membersAfter(
  db: Connection,
  conversationId: Id,
  afterUserId: Id | undefined,
  limit: number,
): Promise<Member[]> {
  const { rows } = await db.query<MemberRow>({
    name: 'members.after',
    text: `SELECT user_id, role, joined_at, read_seq, delivered_seq FROM members
            WHERE conversation_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3`,
    values: [conversationId, afterUserId ?? '00000000-0000-0000-0000-000000000000', limit],
  });
  return rows.map(toMember);
}

/** All conversations of a person, ids only: what their connections must hear. */
export async function conversationIdsOf(db: Connection, userId: Id): Promise<Id[]> {
  const { rows } = await db.query<[Id]>({
    name: 'members.conversations_of',
    text: 'SELECT conversation_id FROM members WHERE user_id = $1',
    values: [userId],
    rowMode: 'array',
  });
  return rows.map(([id]) => id);
}

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
