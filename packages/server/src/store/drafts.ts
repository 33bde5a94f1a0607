import type { Id, Unsent } from '@carpenter/protocol';
import type { Connection } from './database.ts';
import { iso, only, type Time } from './rows.ts';

interface DraftRow {
  conversation_id: Id;
  text: string;
  reply_to: number | null;
  attachments: Id[] | null;
  written_at: Time;
}
type Written = DraftRow & { changed: boolean };
const columns = 'd.conversation_id, d.text, d.reply_to, d.attachments, d.written_at';
const toUnsent = (row: DraftRow): Unsent => ({
  conversationId: row.conversation_id,
  text: row.text,
  ...(row.reply_to !== null && { replyTo: row.reply_to }),
  ...(row.attachments !== null && { attachments: row.attachments }),
  writtenAt: iso(row.written_at),
});

/**
 * Keeps a draft unless one that was written later is there; of two of the same moment the greater one counts, so that every
 * order of arrival ends in the same one. A moment in the future is taken as now.
 * @returns what counts now
 */
export async function writeDraft(
  db: Connection,
  userId: Id,
  draft: Unsent,
): Promise<{ draft: Unsent; changed: boolean }> {
  const statement = {
    name: 'drafts.write',
    text: `WITH written AS (
             INSERT INTO drafts AS d (user_id, conversation_id, text, reply_to, attachments, written_at)
             VALUES ($1, $2, $3, $4, $5, least($6::timestamptz, date_trunc('milliseconds', now())))
             ON CONFLICT (user_id, conversation_id) DO UPDATE
                SET text = excluded.text, reply_to = excluded.reply_to, attachments = excluded.attachments,
                    written_at = excluded.written_at
              WHERE (excluded.written_at, excluded.text COLLATE "C", coalesce(excluded.reply_to, 0), coalesce(excluded.attachments, '{}'))
                  > (d.written_at, d.text COLLATE "C", coalesce(d.reply_to, 0), coalesce(d.attachments, '{}'))
             RETURNING ${columns}
           )
           SELECT d.*, true AS changed FROM written d
           UNION ALL
           SELECT ${columns}, false FROM drafts d
            WHERE d.user_id = $1 AND d.conversation_id = $2 AND NOT EXISTS (SELECT FROM written)`,
    values: [
      userId,
      draft.conversationId,
      draft.text,
      draft.replyTo ?? null,
      draft.attachments ?? null,
      draft.writtenAt,
    ],
  };
  const { rows } = await db.query<Written>(statement);
  // None: another device's first one was stored meanwhile and counts. This statement could not see it yet, the next one does.
  const row = rows[0] ?? only((await db.query<Written>(statement)).rows);
  return { draft: toUnsent(row), changed: row.changed };
}

export interface DraftPlace {
  readonly at: string;
  readonly id: Id;
}

/** Drafts with something in them, in conversations that their writer may read, latest first. Index: drafts_written. */
export async function draftsAfter(
  db: Connection,
  userId: Id,
  after: DraftPlace | undefined,
  limit: number,
): Promise<Unsent[]> {
  const { rows } = await db.query<DraftRow>({
    name: after ? 'drafts.after' : 'drafts.first',
    text: `SELECT ${columns} FROM drafts d
             JOIN conversations c ON c.id = d.conversation_id
             JOIN members m ON m.conversation_id = coalesce(c.parent_id, c.id) AND m.user_id = d.user_id
            WHERE d.user_id = $1 AND (d.text <> '' OR d.reply_to IS NOT NULL OR d.attachments IS NOT NULL)
                  ${after ? 'AND (d.written_at, d.conversation_id) < ($3::timestamptz, $4::uuid)' : ''}
            ORDER BY d.written_at DESC, d.conversation_id DESC LIMIT $2`,
    values: [userId, limit, ...(after ? [after.at, after.id] : [])],
  });
  return rows.map(toUnsent);
}
