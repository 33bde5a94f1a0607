import type { Bookmark, Id, Seq } from '@carpenter/protocol';
import type { Connection } from './database.ts';
import { iso, type MessageRow, messageColumns, type Time, toMessage } from './rows.ts';

interface BookmarkRow {
  note: string | null;
  created_at: Time;
  done_at: Time | null;
  message: MessageRow;
}
const columns = `b.note, b.created_at, b.done_at,
  (SELECT to_jsonb(l) FROM (SELECT ${messageColumns} FROM messages
    WHERE conversation_id = b.conversation_id AND seq = b.seq) l) AS message`;
const toBookmark = (row: BookmarkRow): Bookmark => ({
  conversationId: row.message.conversation_id,
  seq: row.message.seq,
  ...(row.note !== null && { note: row.note }),
  createdAt: iso(row.created_at),
  ...(row.done_at !== null && { doneAt: iso(row.done_at) }),
  message: toMessage(row.message),
});

/** Sets what is given and leaves the rest; an empty note takes it away. @returns undefined: there is no such message */
export async function writeBookmark(
  db: Connection,
  userId: Id,
  { conversationId, seq }: { conversationId: Id; seq: Seq },
  { note, done }: { note?: string | undefined; done?: boolean | undefined },
): Promise<Bookmark | undefined> {
  const { rows } = await db.query<BookmarkRow>({
    name: 'bookmarks.write',
    text: `WITH b AS (
             INSERT INTO bookmarks AS b (user_id, conversation_id, seq, note, created_at, done_at)
             SELECT $1, m.conversation_id, m.seq, nullif($4, ''), date_trunc('milliseconds', now()),
                    CASE WHEN $5 THEN date_trunc('milliseconds', now()) END
               FROM messages m
               JOIN conversations c ON c.id = m.conversation_id
               JOIN members r ON r.conversation_id = coalesce(c.parent_id, c.id) AND r.user_id = $1
              WHERE m.conversation_id = $2 AND m.seq = $3 AND m.type = 'text'
             ON CONFLICT (user_id, conversation_id, seq) DO UPDATE
                SET note = CASE WHEN $4::text IS NULL THEN b.note ELSE nullif($4, '') END,
                    done_at = CASE WHEN $5::boolean IS NULL THEN b.done_at
                                   WHEN $5 THEN coalesce(b.done_at, excluded.done_at) END
             RETURNING *
           )
           SELECT ${columns} FROM b`,
    values: [userId, conversationId, seq, note ?? null, done ?? null],
  });
  return rows[0] && toBookmark(rows[0]);
}

export async function deleteBookmark(db: Connection, userId: Id, conversationId: Id, seq: Seq): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'bookmarks.delete',
    text: 'DELETE FROM bookmarks WHERE user_id = $1 AND conversation_id = $2 AND seq = $3',
    values: [userId, conversationId, seq],
  });
  return rowCount === 1;
}

export interface BookmarkPlace {
  readonly at: string;
  readonly id: Id;
  readonly seq: Seq;
}

/**
 * Those to do, or those done, latest first; what their owner may no longer read is left out.
 * Indexes: bookmarks_to_do, bookmarks_done.
 */
export async function bookmarksAfter(
  db: Connection,
  userId: Id,
  done: boolean,
  after: BookmarkPlace | undefined,
  limit: number,
): Promise<Bookmark[]> {
  const at = done ? 'b.done_at' : 'b.created_at';
  const { rows } = await db.query<BookmarkRow>({
    name: `bookmarks.${done ? 'done' : 'to_do'}${after ? '_after' : ''}`,
    text: `SELECT ${columns} FROM bookmarks b
             JOIN conversations c ON c.id = b.conversation_id
             JOIN members m ON m.conversation_id = coalesce(c.parent_id, c.id) AND m.user_id = b.user_id
            WHERE b.user_id = $1 AND b.done_at IS ${done ? 'NOT ' : ''}NULL
                  ${after ? `AND (${at}, b.conversation_id, b.seq) < ($3::timestamptz, $4::uuid, $5::bigint)` : ''}
            ORDER BY ${at} DESC, b.conversation_id DESC, b.seq DESC LIMIT $2`,
    values: [userId, limit, ...(after ? [after.at, after.id, after.seq] : [])],
  });
  return rows.map(toBookmark);
}
