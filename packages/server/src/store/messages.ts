import type { Id, Message, Seq, SystemEvent } from '@carpenter/protocol';
import { v7 } from '../ids.ts';
import type { Connection } from './database.ts';
import { type MessageRow, messageColumns, only, toMessage } from './rows.ts';

/** Index: messages (conversation_id, seq). */
export async function messageAt(db: Connection, conversationId: Id, seq: Seq): Promise<Message | undefined> {
  const { rows } = await db.query<MessageRow>({
    name: 'messages.at',
    text: `SELECT ${messageColumns} FROM messages WHERE conversation_id = $1 AND seq = $2`,
    values: [conversationId, seq],
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

/** Messages changed after `since`, oldest change first. Index: messages (conversation_id, rev). */
export async function messagesChanged(
  db: Connection,
  conversationId: Id,
  since: number,
  limit: number,
): Promise<Message[]> {
  const { rows } = await db.query<MessageRow>({
    name: 'messages.changed',
    text: `SELECT ${messageColumns} FROM messages WHERE conversation_id = $1 AND rev > $2 ORDER BY rev LIMIT $3`,
    values: [conversationId, since, limit],
  });
  return rows.map(toMessage);
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

/** The caller holds the head and has seen the message. */
export async function setText(
  tx: Connection,
  conversationId: Id,
  seq: Seq,
  rev: number,
  text: string,
): Promise<Message> {
  const { rows } = await tx.query<MessageRow>({
    name: 'messages.set_text',
    text: `UPDATE messages SET text = $4, rev = $3, edited_at = date_trunc('milliseconds', clock_timestamp())
            WHERE conversation_id = $1 AND seq = $2 RETURNING ${messageColumns}`,
    values: [conversationId, seq, rev, text],
  });
  return toMessage(only(rows));
}

/** The caller holds the head and has seen the message. */
export async function setDeleted(tx: Connection, conversationId: Id, seq: Seq, rev: number): Promise<Message> {
  const { rows } = await tx.query<MessageRow>({
    name: 'messages.set_deleted',
    text: `UPDATE messages
              SET text = '', metadata = NULL, rev = $3, deleted_at = date_trunc('milliseconds', clock_timestamp())
            WHERE conversation_id = $1 AND seq = $2 RETURNING ${messageColumns}`,
    values: [conversationId, seq, rev],
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
