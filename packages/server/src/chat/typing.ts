import { fixed, type Id, refuse } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { createLimiter, type Limiter } from '../auth/limiter.ts';
import { conversationById } from '../store/conversations.ts';
import { mayRead } from '../store/members.ts';
import type { Chat } from './chat.ts';

/** Signs of one person in one conversation: five at once, then one a second. What is shown of them lasts for seconds. */
export const createTypingSigns = (): Limiter => createLimiter(5, 5_000);

/** A sign that had to wait for so long says nothing of now. */
const staleAfterMs = 1_000;

/**
 * Tells the others that somebody writes, or stopped. Never stored; left out where messages would wait for it, and where there were
 * many just now.
 * @throws {Refusal} conversation.unknown, overloaded
 */
export async function setTyping(chat: Chat, actor: Actor, conversationId: Id, active: boolean): Promise<void> {
  const { bus, pressure, questions, typingSigns } = chat;
  const { userId } = actor;
  if (pressure.late() || typingSigns.take(`${userId} ${conversationId}`) > 0) return;
  const asked = performance.now();
  const isTold = await questions(userId, () => hasListeners(chat, userId, conversationId));
  if (!isTold || performance.now() - asked > staleAfterMs) return;
  const event = { type: 'typing' as const, conversationId, userId, active };
  bus.publish({ to: 'conversation', conversationId, event, except: [userId] });
}

async function hasListeners({ store: { db } }: Chat, userId: Id, conversationId: Id): Promise<boolean> {
  if (!(await mayRead(db, conversationId, userId))) refuse('conversation.unknown', {});
  const conversation = await conversationById(db, conversationId);
  return conversation !== undefined && conversation.memberCount <= fixed.largeRoom; // a crowd is always typing
}
