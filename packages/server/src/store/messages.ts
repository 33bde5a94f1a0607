import type { Id, Mention, Message, Rev, Seq, SystemEvent } from '@carpenter/protocol';
import { maxId, v7 } from '../ids.ts';
import type { Connection } from './database.ts';
import { iso, type MessageRow, messageColumns, only, placeOf, toMessage } from './rows.ts';
import { askedTogether } from './together.ts';
import { withinChars } from './within-chars.ts';

/** Index: messages (conversation_id, seq). */
const messageOf = askedTogether(async (db, places: readonly { readonly conversation_id: Id; readonly seq: Seq }[]) => {
  const { rows } = await db.query<MessageRow & { n: number }>({
    name: 'messages.at',
    text: `SELECT q.n, m.* FROM ROWS FROM (jsonb_to_recordset($1) AS (conversation_id uuid, seq bigint))
             WITH ORDINALITY AS q (conversation_id, seq, n)
            CROSS JOIN LATERAL (SELECT ${messageColumns} FROM messages
              WHERE conversation_id = q.conversation_id AND seq = q.seq OFFSET 0) m`,
    values: [JSON.stringify(places)],
  });
  const found = new Map(rows.map(row => [row.n, toMessage(row)]));
  return places.map((_, i) => found.get(i + 1));
});
export const messageAt = (db: Connection, conversationId: Id, seq: Seq): Promise<Message | undefined> =>
  messageOf(db, { conversation_id: conversationId, seq });

/** What somebody sent under this client id. Index: messages_once. */
export async function messageSentAs(
  db: Connection,
  conversationId: Id,
  senderId: Id,
  clientId: Id,
): Promise<Message | undefined> {
  const { rows } = await db.query<MessageRow>({
    name: 'messages.sent_as',
    text: `SELECT ${messageColumns} FROM messages WHERE conversation_id = $1 AND sender_id = $2 AND client_id = $3`,
    values: [conversationId, senderId, clientId],
  });
  return rows[0] && toMessage(rows[0]);
}

/** Up to `limit` messages with `seq` above `after`, ascending. */
export async function messagesAfter(
  db: Connection,
  conversationId: Id,
  after: number,
  limit: number,
): Promise<Message[]> {
  const { rows } = await db.query<MessageRow>({
    name: 'messages.after',
    text: `SELECT ${messageColumns} FROM messages WHERE conversation_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    values: [conversationId, after, limit],
  });
  return rows.map(toMessage);
}

/** The `limit` messages with the highest `seq` below `before`, ascending. */
export async function messagesBefore(
  db: Connection,
  conversationId: Id,
  before: number,
  limit: number,
): Promise<Message[]> {
  const { rows } = await db.query<MessageRow>({
    name: 'messages.before',
    text: `SELECT ${messageColumns} FROM messages WHERE conversation_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3`,
    values: [conversationId, before, limit],
  });
  return rows.map(toMessage).reverse();
}

/** What the two searches below have in common: not my own, standing, and behind the place ($2, $3). */
const meaning = `u.mentions IS NOT NULL AND u.sender_id <> $1::uuid AND u.deleted_at IS NULL
                  AND (u.created_at, u.id) < ($2::timestamptz, $3::uuid)`;

/**
 * Messages that mention somebody, latest first: by name in whatever they may read, with all others in the conversations that they are
 * in and the threads that they follow. Named in a line that came from a thread, they are named in the thread.
 * Indexes: messages_naming, messages_calling; of each conversation at most `limit` calls are looked at.
 */
export async function mentioningPage(
  db: Connection,
  userId: Id,
  after: { readonly at: string; readonly id: Id } | undefined,
  limit: number,
): Promise<{ messages: Message[]; next?: { at: string; id: Id } }> {
  const { rows } = await db.query<MessageRow & { place: string }>({
    name: 'messages.mentioning',
    // A scalar subquery says whether one may read: asked from the latest on until the page is full, in place of for all.
    // It joins nothing, since a plan for any person may join by walking through all conversations of this one.
    text: `SELECT m.*, ${placeOf('m.created_at')} AS place
             FROM (SELECT * FROM (
               (SELECT n.* FROM (
                 SELECT u.conversation_id, u.seq, u.created_at, u.id FROM messages u
                  WHERE u.mentions @> ARRAY[$1::text] AND u.from_thread IS NULL AND ${meaning}
                  ORDER BY u.created_at DESC, u.id DESC) n
                 WHERE (SELECT true FROM members r
                         WHERE r.user_id = $1::uuid AND r.conversation_id =
                               coalesce((SELECT c.parent_id FROM conversations c WHERE c.id = n.conversation_id), n.conversation_id))
                 LIMIT $4)
               UNION ALL
               SELECT called.* FROM members mine JOIN LATERAL (
                 SELECT u.conversation_id, u.seq, u.created_at, u.id FROM messages u
                  WHERE u.conversation_id = mine.conversation_id AND u.mentions && ARRAY['here', 'all']
                    AND (u.from_thread IS NOT NULL OR NOT u.mentions @> ARRAY[$1::text]) AND ${meaning}
                  ORDER BY u.seq DESC LIMIT $4) called ON true
                WHERE mine.user_id = $1::uuid) found
               ORDER BY created_at DESC, id DESC LIMIT $4) f
             JOIN LATERAL (SELECT ${messageColumns} FROM messages
                            WHERE conversation_id = f.conversation_id AND seq = f.seq) m ON true
            ORDER BY m.created_at DESC, m.id DESC`,
    values: [userId, after?.at ?? 'infinity', after?.id ?? maxId, limit + 1],
  });
  const page = withinChars(rows.slice(0, limit));
  const last = page.at(-1);
  return {
    messages: page.map(toMessage),
    ...(rows.length > page.length && last && { next: { at: last.place, id: last.id } }),
  };
}

/** How many messages changed after `since`, counted up to `max`. */
export async function countChanged(db: Connection, conversationId: Id, since: number, max: number): Promise<number> {
  const { rows } = await db.query<{ n: number }>({
    name: 'messages.count_changed',
    text: `SELECT count(*) AS n FROM (SELECT 1 FROM messages WHERE conversation_id = $1 AND rev > $2 LIMIT $3) changed`,
    values: [conversationId, since, max],
  });
  return rows[0]?.n ?? 0;
}

/** Gives the conversation its next `rev`, and holds its head until the transaction ends. */
export async function nextRev(tx: Connection, conversationId: Id): Promise<number> {
  const { rows } = await tx.query<{ rev: number }>({
    name: 'heads.next_rev',
    text: `UPDATE conversation_heads SET rev = rev + 1, changed_at = clock_timestamp() WHERE conversation_id = $1 RETURNING rev`,
    values: [conversationId],
  });
  return only(rows).rev;
}

/** Keeps what it said before. The caller holds the head and has seen the message. */
export async function setText(
  tx: Connection,
  present: Message,
  rev: number,
  text: string,
  mentions: readonly Mention[] | undefined,
): Promise<Message> {
  const { conversationId, seq } = present;
  await tx.query({
    name: 'messages.keep_version',
    text: 'INSERT INTO message_edits (conversation_id, seq, rev, text, at) VALUES ($1, $2, $3, $4, $5)',
    values: [conversationId, seq, rev, present.text, present.editedAt ?? present.createdAt],
  });
  const { rows } = await tx.query<MessageRow>({
    name: 'messages.set_text',
    text: `UPDATE messages SET text = $4, mentions = $5, rev = $3, edited_at = date_trunc('milliseconds', clock_timestamp())
            WHERE conversation_id = $1 AND seq = $2 RETURNING ${messageColumns}`,
    values: [conversationId, seq, rev, text, mentions ?? null],
  });
  return toMessage(only(rows));
}

/** What an edited message said before, latest first; only what edits below the `rev` replaced. Index: the primary key. */
export async function versionsOf(
  db: Connection,
  conversationId: Id,
  seq: Seq,
  below: Rev | undefined,
  limit: number,
): Promise<{ rev: Rev; text: string; at: string }[]> {
  const { rows } = await db.query<{ rev: Rev; text: string; at: Date }>({
    name: 'messages.versions',
    text: `SELECT rev, text, at FROM message_edits WHERE conversation_id = $1 AND seq = $2 AND rev < $3
            ORDER BY rev DESC LIMIT $4`,
    values: [conversationId, seq, below ?? Number.MAX_SAFE_INTEGER, limit],
  });
  return rows.map(row => ({ ...row, at: iso(row.at) }));
}

/** What stands beside the text, one of them at a time; null takes it away. The caller holds the head. */
export async function setBeside(
  tx: Connection,
  conversationId: Id,
  seq: Seq,
  rev: number,
  column: 'reactions' | 'poll' | 'thread' | 'preview',
  value: object | null,
): Promise<Message> {
  const { rows } = await tx.query<MessageRow>({
    name: `messages.set_${column}`,
    text: `UPDATE messages SET ${column} = $4, rev = $3 WHERE conversation_id = $1 AND seq = $2 RETURNING ${messageColumns}`,
    values: [conversationId, seq, rev, value === null ? null : JSON.stringify(value)],
  });
  return toMessage(only(rows));
}

/** The caller holds the head. `by`: nobody takes the pin away. */
export async function setPinned(
  tx: Connection,
  conversationId: Id,
  seq: Seq,
  rev: number,
  by: Id | null,
): Promise<Message> {
  const { rows } = await tx.query<MessageRow>({
    name: 'messages.set_pinned',
    text: `UPDATE messages SET pinned_by = $4, pinned_at = CASE WHEN $4::uuid IS NOT NULL THEN date_trunc('milliseconds', clock_timestamp()) END,
                  rev = $3 WHERE conversation_id = $1 AND seq = $2 RETURNING ${messageColumns}`,
    values: [conversationId, seq, rev, by],
  });
  return toMessage(only(rows));
}

/** Pinned ones, latest pin first. Index: messages_pinned. */
export async function pinnedAfter(
  db: Connection,
  conversationId: Id,
  after: { readonly at: string; readonly seq: Seq } | undefined,
  limit: number,
): Promise<Message[]> {
  const { rows } = await db.query<MessageRow>({
    name: 'messages.pinned',
    text: `SELECT ${messageColumns} FROM messages
            WHERE conversation_id = $1 AND pinned_at IS NOT NULL AND (pinned_at, seq) < ($2::timestamptz, $3)
            ORDER BY pinned_at DESC, seq DESC LIMIT $4`,
    values: [conversationId, after?.at ?? 'infinity', after?.seq ?? 0, limit],
  });
  return rows.map(toMessage);
}

/** How many are pinned. Index: messages_pinned. */
export async function countPinned(db: Connection, conversationId: Id): Promise<number> {
  const { rows } = await db.query<{ n: number }>({
    name: 'messages.count_pinned',
    text: 'SELECT count(*) AS n FROM messages WHERE conversation_id = $1 AND pinned_at IS NOT NULL',
    values: [conversationId],
  });
  return only(rows).n;
}

/** The caller holds the head and has seen the message. */
export async function setDeleted(tx: Connection, conversationId: Id, seq: Seq, rev: number): Promise<Message> {
  const { rows } = await tx.query<MessageRow>({
    name: 'messages.set_deleted',
    text: `UPDATE messages
              SET text = '', metadata = NULL, mentions = NULL, attachments = NULL, forwarded = NULL, poll = NULL, reactions = NULL,
                  pinned_at = NULL, pinned_by = NULL, preview = NULL, rev = $3, deleted_at = date_trunc('milliseconds', clock_timestamp())
            WHERE conversation_id = $1 AND seq = $2 RETURNING ${messageColumns}`,
    values: [conversationId, seq, rev],
  });
  await tx.query({
    name: 'messages.forget_versions',
    text: 'DELETE FROM message_edits WHERE conversation_id = $1 AND seq = $2',
    values: [conversationId, seq],
  });
  return toMessage(only(rows));
}

/** A line in the log that nobody wrote: takes its `seq` and `rev` like any other. */
export async function addSystemMessage(
  tx: Connection,
  conversationId: Id,
  senderId: Id,
  system: SystemEvent,
): Promise<Message> {
  const id = v7();
  const { rows } = await tx.query<MessageRow>({
    name: 'messages.add_system',
    text: `WITH head AS (
             UPDATE conversation_heads
                SET last_seq = last_seq + 1, rev = rev + 1, last_message_at = clock_timestamp(), changed_at = clock_timestamp()
              WHERE conversation_id = $1 RETURNING last_seq, rev)
           INSERT INTO messages (conversation_id, seq, rev, id, client_id, sender_id, type, text, system, created_at)
           SELECT $1, last_seq, rev, $2, $2, $3, 'system', '', $4, date_trunc('milliseconds', clock_timestamp()) FROM head
           RETURNING ${messageColumns}`,
    values: [conversationId, id, senderId, JSON.stringify(system)],
  });
  return toMessage(only(rows));
}
