import type { FoundChannel, Id } from '@carpenter/protocol';
import type { Db } from './database.ts';
import { type ConversationRow, conversationColumns, literal, toConversation } from './rows.ts';

/**
 * Public channels whose name or topic holds `words`, by name; names are unique. Left out are archived ones, and those that
 * this person was taken out of and cannot join.
 * Index: conversations_public; topics are read through, which is fine for the thousands of one server.
 * @param after  name of the last one seen; '' for none
 */
export async function publicChannels(
  db: Db,
  userId: Id,
  words: string,
  after: string,
  limit: number,
): Promise<FoundChannel[]> {
  const { rows } = await db.query<ConversationRow & { joined: boolean }>({
    name: 'channels.public',
    text: `SELECT ${conversationColumns},
                  EXISTS (SELECT 1 FROM members m WHERE m.conversation_id = c.id AND m.user_id = $1) AS joined
             FROM conversations c
            WHERE c.visibility = 'public' AND c.deleted_at IS NULL AND c.archived_at IS NULL
              AND NOT EXISTS (SELECT FROM removals r WHERE r.conversation_id = c.id AND r.user_id = $1)
              AND lower(c.name) COLLATE "C" > lower($2)
              AND (c.name ILIKE '%' || $3 || '%' OR c.topic ILIKE '%' || $3 || '%')
            ORDER BY lower(c.name) COLLATE "C" LIMIT $4`,
    values: [userId, after, literal(words), limit],
  });
  return rows.map(({ joined, ...row }) => ({ conversation: toConversation(row), joined }));
}
