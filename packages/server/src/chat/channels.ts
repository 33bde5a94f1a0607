import { type ConversationDetail, displayName, type FoundChannel, type Id, refuse } from '@carpenter/protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import { publicChannels } from '../store/channels.ts';
import { isGuest } from '../store/guests.ts';
import { wasRemoved } from '../store/members.ts';
import { changeAs, tellChange } from './change-group.ts';
import type { Chat } from './chat.ts';
import { readConversation } from './conversations.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { bringIn } from './members.ts';

const place = z.object({ after: displayName });

/** Public channels by name, without those that they were taken out of; guests find none. @throws {Refusal} cursor.invalid */
export async function findChannels(
  { store }: Chat,
  actor: Actor,
  { q = '', limit, cursor }: { q?: string | undefined; limit: number; cursor?: string | undefined },
): Promise<{ channels: FoundChannel[]; next?: string }> {
  const after = readCursor(cursor, place);
  const words = q.trim().replace(/^#/, '').normalize('NFC');
  if (words.includes('\0') || !words.isWellFormed()) return { channels: [] }; // no name holds these
  if (await isGuest(store.db, actor.userId)) return { channels: [] };
  const found = await publicChannels(store.db, actor.userId, words, after?.after ?? '', limit + 1);
  const channels = found.slice(0, limit);
  const last = channels.at(-1)?.conversation;
  if (found.length <= limit || !last) return { channels };
  return { channels, next: writeCursor({ after: last.name }) };
}

/**
 * Whoever is no guest joins a public channel; who is in it already stays as they are. Who was taken out is let in by others only.
 * @throws {Refusal} conversation.unknown: also where it is not public, conversation.archived, conversation.too_many,
 *   member.removed
 */
export async function joinChannel(chat: Chat, actor: Actor, conversationId: Id): Promise<ConversationDetail> {
  const guest = await isGuest(chat.store.db, actor.userId);
  const done = await changeAs(
    chat,
    actor,
    conversationId,
    (channel, role) => {
      if (!role && (guest || channel.visibility !== 'public')) refuse('conversation.unknown', {});
      if (!role && channel.archivedAt) refuse('conversation.archived', {});
      return role;
    },
    async (tx, channel, role) => {
      if (role) return false;
      if (await wasRemoved(tx, conversationId, actor.userId)) refuse('member.removed', {});
      return bringIn(chat, tx, actor, channel, new Map([[actor.userId, 'member']]));
    },
  );
  tellChange(chat.bus, done);
  return readConversation(chat, actor, conversationId);
}
