import { fixed, type Id, type MemberRole, type Message, type Seq, type ThreadSummary } from '@carpenter/protocol';
import { v7 } from '../ids.ts';
import type { Connection } from './database.ts';
import type { Parent } from './parents.ts';
import { iso, type MessageRow, messageColumns, toMessage } from './rows.ts';

/** A new id in the bucket of its parent, so that both are always in one database and one lane (shards.ts). */
export const threadIdIn = (parentId: Id): Id => v7().slice(0, -3) + parentId.slice(-3);

/** @returns the thread that hangs on this message, or undefined */
export async function threadOn(db: Connection, conversationId: Id, seq: Seq): Promise<Id | undefined> {
  const { rows } = await db.query<{ id: Id }>({
    name: 'threads.on',
    text: 'SELECT id FROM conversations WHERE parent_id = $1 AND parent_seq = $2',
    values: [conversationId, seq],
  });
  return rows[0]?.id;
}

/** The caller holds the parent's head and has seen that there is none. Nobody follows it yet. */
export async function insertThread(
  tx: Connection,
  thread: { readonly id: Id; readonly parentId: Id; readonly parentSeq: Seq; readonly createdBy: Id },
): Promise<void> {
  await tx.query({
    name: 'threads.insert',
    text: `INSERT INTO conversations (id, type, parent_id, parent_seq, member_count, meta_rev, created_by)
           VALUES ($1, 'thread', $2, $3, 0, 1, $4)`,
    values: [thread.id, thread.parentId, thread.parentSeq, thread.createdBy],
  });
  await tx.query({
    name: 'threads.insert_head',
    text: 'INSERT INTO conversation_heads (conversation_id, rev) VALUES ($1, 1)',
    values: [thread.id],
  });
}

/** In the order of their ids, as the group commit does, so that nobody waits for one another. */
export async function lockHeads(tx: Connection, conversationIds: readonly Id[]): Promise<void> {
  await tx.query({
    name: 'heads.lock_many',
    text: `SELECT 1 FROM conversation_heads WHERE conversation_id = ANY ($1::uuid[]) ORDER BY conversation_id FOR UPDATE`,
    values: [conversationIds],
  });
}

/** Those of these threads that somebody may read, how far they have come, and what they hang in. */
export async function threadsReadBy(
  db: Connection,
  userId: Id,
  threadIds: readonly Id[],
): Promise<{ id: Id; parentId: Id; rev: number; lastSeq: number }[]> {
  const { rows } = await db.query<{ id: Id; parent_id: Id; rev: number; last_seq: number }>({
    name: 'threads.read_by',
    text: `SELECT c.id, c.parent_id, h.rev, h.last_seq FROM conversations c
             JOIN members m ON m.conversation_id = c.parent_id AND m.user_id = $2
             JOIN conversation_heads h ON h.conversation_id = c.id
            WHERE c.id = ANY ($1::uuid[]) AND c.parent_id IS NOT NULL`,
    values: [threadIds, userId],
  });
  return rows.map(row => ({ id: row.id, parentId: row.parent_id, rev: row.rev, lastSeq: row.last_seq }));
}

/**
 * Who comes to follow a thread with somebody's reply: they themselves, who wrote its root if this is the first one, and who is
 * mentioned. Nobody is made to by whom they have blocked, after they stopped following it, or where they are in many conversations.
 * Index: members_of_user.
 */
export async function followersToBe(
  db: Connection,
  threadId: Id,
  root: Parent,
  senderId: Id,
  mentioned: readonly Id[],
): Promise<Id[]> {
  const { rows } = await db.query<[Id]>({
    name: 'threads.followers_to_be',
    text: `SELECT m.user_id FROM members m
            WHERE m.conversation_id = $2
              AND m.user_id = ANY (array_append($5::uuid[] || $4::uuid, (
                    SELECT sender_id FROM messages WHERE conversation_id = $2 AND seq = $3 AND thread IS NULL)))
              AND NOT EXISTS (SELECT FROM members f WHERE f.conversation_id = $1 AND f.user_id = m.user_id)
              AND (m.user_id = $4 OR NOT EXISTS (SELECT FROM blocks WHERE user_id = m.user_id AND blocked_id = $4)
                                 AND NOT EXISTS (SELECT FROM unfollows WHERE conversation_id = $1 AND user_id = m.user_id)
                                 AND (SELECT count(*) FROM members i WHERE i.user_id = m.user_id) < $6)`,
    values: [threadId, root.conversationId, root.seq, senderId, mentioned, fixed.conversationsByOthersMax],
    rowMode: 'array',
  });
  return rows.map(([userId]) => userId);
}

/** Those of these people who are in the parent and do not follow yet follow from now on. @returns them, with their roles there */
export async function insertFollowers(
  tx: Connection,
  threadId: Id,
  parentId: Id,
  userIds: readonly Id[],
): Promise<Map<Id, MemberRole>> {
  if (userIds.length === 0) return new Map();
  const { rows } = await tx.query<{ user_id: Id; role: MemberRole }>({
    name: 'threads.follow',
    text: `WITH fresh AS (
             INSERT INTO members (conversation_id, user_id, role, read_seq, delivered_seq)
             SELECT $1, m.user_id, 'member', h.last_seq, h.last_seq FROM members m, conversation_heads h
              WHERE m.conversation_id = $2 AND m.user_id = ANY ($3::uuid[]) AND h.conversation_id = $1
             ON CONFLICT DO NOTHING RETURNING user_id
           ), again AS (
             DELETE FROM unfollows WHERE conversation_id = $1 AND user_id IN (SELECT user_id FROM fresh)
           ), counted AS (
             UPDATE conversations SET member_count = member_count + (SELECT count(*) FROM fresh) WHERE id = $1
           ) SELECT f.user_id, m.role FROM fresh f JOIN members m ON m.conversation_id = $2 AND m.user_id = f.user_id`,
    values: [threadId, parentId, userIds],
  });
  return new Map(rows.map(row => [row.user_id, row.role]));
}

/** By their own wish: no mention makes them follow it again. @returns false: they did not follow it */
export async function deleteFollower(tx: Connection, threadId: Id, userId: Id): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'threads.unfollow',
    text: `WITH gone AS (DELETE FROM members WHERE conversation_id = $1 AND user_id = $2 RETURNING user_id), noted AS (
             INSERT INTO unfollows (conversation_id, user_id) SELECT $1, user_id FROM gone ON CONFLICT DO NOTHING)
           UPDATE conversations SET member_count = member_count - 1 WHERE id = $1 AND EXISTS (SELECT 1 FROM gone)`,
    values: [threadId, userId],
  });
  return rowCount === 1;
}

/** Those of these conversations that are threads of this one. */
export async function threadsAmong(db: Connection, parentId: Id, ids: readonly Id[]): Promise<Id[]> {
  const { rows } = await db.query<[Id]>({
    name: 'threads.among',
    text: 'SELECT id FROM conversations WHERE parent_id = $1 AND id = ANY ($2::uuid[])',
    values: [parentId, ids],
    rowMode: 'array',
  });
  return rows.map(([threadId]) => threadId);
}

/** Whoever goes out of a conversation follows none of its threads any more. @returns those they followed */
export async function deleteFollowerOfAll(tx: Connection, parentId: Id, userId: Id): Promise<Id[]> {
  const { rows } = await tx.query<{ id: Id }>({
    name: 'threads.unfollow_all',
    text: `WITH gone AS (
             DELETE FROM members m USING conversations c
              WHERE c.parent_id = $1 AND m.conversation_id = c.id AND m.user_id = $2 RETURNING c.id)
           UPDATE conversations c SET member_count = member_count - 1 FROM gone WHERE c.id = gone.id RETURNING c.id`,
    values: [parentId, userId],
  });
  return rows.map(row => row.id);
}

/**
 * The first five who wrote in it, of what stands, and when somebody did so last. Reads on from each first one to the next, so the
 * whole thread at most once; undefined: nothing stands.
 */
export async function firstAndLastIn(
  tx: Connection,
  threadId: Id,
): Promise<Pick<ThreadSummary, 'first' | 'lastAt'> | undefined> {
  const { rows } = await tx.query<{ first: Id[]; last_at: Date }>({
    name: 'threads.standing',
    text: `WITH RECURSIVE standing AS (
             (SELECT seq, ARRAY[sender_id] AS people FROM messages
               WHERE conversation_id = $1 AND type = 'text' AND deleted_at IS NULL ORDER BY seq LIMIT 1)
             UNION ALL
             SELECT m.seq, s.people || m.sender_id FROM standing s CROSS JOIN LATERAL (
               SELECT seq, sender_id FROM messages
                WHERE conversation_id = $1 AND seq > s.seq AND type = 'text' AND deleted_at IS NULL
                  AND sender_id <> ALL (s.people) ORDER BY seq LIMIT 1) m
              WHERE cardinality(s.people) < $2::int)
           SELECT people AS first, (SELECT created_at FROM messages
                   WHERE conversation_id = $1 AND type = 'text' AND deleted_at IS NULL ORDER BY seq DESC LIMIT 1) AS last_at
             FROM standing ORDER BY cardinality(people) DESC LIMIT 1`,
    values: [threadId, fixed.firstMax],
  });
  return rows[0] && { first: rows[0].first, lastAt: iso(rows[0].last_at) };
}

/** What a reply is shown as in the parent, if it is: the client id of that line is the reply's id. Index: messages_once. */
export async function copyInParent(tx: Connection, parentId: Id, reply: Message): Promise<Message | undefined> {
  const { rows } = await tx.query<MessageRow>({
    name: 'threads.copy',
    text: `SELECT ${messageColumns} FROM messages
            WHERE conversation_id = $1 AND sender_id = $2 AND client_id = ANY ($3::uuid[])
              AND from_thread = jsonb_build_object('conversationId', $4::text, 'seq', $5::bigint)`,
    // lines of the first days have the client id of the reply
    values: [parentId, reply.sender, [reply.id, reply.clientId], reply.conversationId, reply.seq],
  });
  return rows[0] && toMessage(rows[0]);
}
