import { type EventOf, fixed, type Id, type Me, refuse, version } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { blockedBy } from '../store/blocks.ts';
import { conversationIdsOf } from '../store/members.ts';
import { presenceOf } from '../store/presence.ts';
import { meById } from '../store/users.ts';
import type { Chat } from './chat.ts';
import { listConversations } from './conversations.ts';

/** The first event of a connection: who I am, my latest conversations, the people in them. Bounded, whatever I am in. */
export async function buildReady(
  chat: Chat,
  actor: Actor,
  connection: { readonly expiresAt: number; readonly heartbeatMs: number },
): Promise<EventOf<'ready'>> {
  const [user, blocked, list] = await Promise.all([
    meById(chat.store.db, actor.userId),
    blockedBy(chat.store.db, actor.userId),
    listConversations(chat, actor, { limit: fixed.readyConversations }),
  ]);
  const me: Me = user ?? refuse('auth.expired', {});
  const peers = list.conversations.flatMap(({ conversation }) => conversation.memberIds ?? []);
  return {
    type: 'ready',
    sessionId: actor.sessionId,
    epoch: chat.store.epoch(),
    version,
    user: me,
    serverTime: new Date().toISOString(),
    expiresAt: new Date(connection.expiresAt).toISOString(),
    heartbeatMs: connection.heartbeatMs,
    limits: chat.limits,
    conversations: list.conversations,
    ...(list.next && { next: list.next }),
    users: list.users,
    ...(blocked.length > 0 && { blocked }),
    presence: await presenceOf(chat.store.db, [...new Set(peers)]), // the other one of a direct conversation
  };
}

/** Every conversation whose events a connection of this person must get. */
export const conversationsHeard = ({ store }: Chat, actor: Actor): Promise<Id[]> =>
  conversationIdsOf(store.db, actor.userId);
