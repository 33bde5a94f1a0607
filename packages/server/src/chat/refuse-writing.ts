import { type Id, refuse } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { standingIn } from '../store/members.ts';
import type { Chat } from './chat.ts';

/**
 * Why a message was not stored. Asked after the store said no, so that writing itself asks nothing.
 * @throws {Refusal} always: conversation.unknown, conversation.archived, conversation.restricted
 */
export async function refuseWriting({ store }: Chat, actor: Actor, conversationId: Id): Promise<never> {
  const standing = await standingIn(store.db, conversationId, actor.userId);
  if (!standing) return refuse('conversation.unknown', {});
  return refuse(standing.archived ? 'conversation.archived' : 'conversation.restricted', {});
}
