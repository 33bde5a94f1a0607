import { fixed, type Id, refuse } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { conversationById } from '../store/conversations.ts';
import { mayRead } from '../store/members.ts';
import type { Chat } from './chat.ts';

/**
 * Tells the others that somebody writes, or stopped. Never stored; left out where messages would wait for it.
 * @throws {Refusal} conversation.unknown
 */
export async function setTyping(
  { store, bus, pressure }: Chat,
  actor: Actor,
  conversationId: Id,
  active: boolean,
): Promise<void> {
  if (pressure.late()) return;
  const { userId } = actor;
  if (!(await mayRead(store.db, conversationId, userId))) refuse('conversation.unknown', {});
  const conversation = await conversationById(store.db, conversationId);
  if (!conversation || conversation.memberCount > fixed.largeRoom) return; // a crowd is always typing
  const event = { type: 'typing' as const, conversationId, userId, active };
  bus.publish({ to: 'conversation', conversationId, event, except: [userId] });
}
