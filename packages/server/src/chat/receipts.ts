import { type Id, refuse, type Seq } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import type { Bus } from '../bus/bus.ts';
import type { Marked } from '../store/marks.ts';
import { setUnreadFrom } from '../store/members.ts';
import { messageAt } from '../store/messages.ts';
import type { Chat } from './chat.ts';

/** "I have viewed everything up to here." Answers once it is stored. @throws {Refusal} conversation.unknown */
export const markRead = (chat: Chat, actor: Actor, conversationId: Id, seq: Seq): Promise<void> =>
  mark(chat, actor, conversationId, { readSeq: seq, deliveredSeq: seq });

/** "A device of mine has everything up to here." @throws {Refusal} conversation.unknown */
export const markDelivered = (chat: Chat, actor: Actor, conversationId: Id, seq: Seq): Promise<void> =>
  mark(chat, actor, conversationId, { readSeq: 0, deliveredSeq: seq });

type Watermarks = { readSeq: number; deliveredSeq: number };

async function mark(chat: Chat, actor: Actor, conversationId: Id, watermarks: Watermarks): Promise<void> {
  const member = await chat.store.marks.note({ conversationId, userId: actor.userId, ...watermarks });
  if (!member) refuse('conversation.unknown', {});
}

/** The same without an answer: a receipt that cannot be written now is written with the next one. */
export function noteMark(chat: Chat, userId: Id, conversationId: Id, watermarks: Watermarks): void {
  chat.store.marks.note({ conversationId, userId, ...watermarks }).catch(() => {}); // logged by the writer
}

/**
 * "Count this message and the later ones as unread": private, may go back, ends when I read on.
 * @throws {Refusal} conversation.unknown, message.unknown
 */
export async function markUnread(chat: Chat, actor: Actor, conversationId: Id, seq: Seq): Promise<void> {
  await chat.store.marks.settled(); // a read mark from before must not take the new mark away
  const receipt = await setUnreadFrom(chat.store.db, conversationId, actor.userId, seq);
  if (!receipt) refuse('conversation.unknown', {});
  if (!(await messageAt(chat.store.db, conversationId, seq))) refuse('message.unknown', {});
  chat.bus.publish({
    to: 'users',
    userIds: [actor.userId],
    event: { type: 'receipt', conversationId, ...receipt, unreadFrom: seq },
  });
}

/**
 * Tells of watermarks that were written: my other devices always, the room where it is small. How far I have read is 0 for others
 * where I keep it to myself, and for those who do so.
 */
export function tellMarked(bus: Bus, marked: readonly Marked[]): void {
  for (const { small, hidden, blind, unreadFrom, ...receipt } of marked) {
    const own = { type: 'receipt' as const, ...receipt, ...(unreadFrom !== undefined && { unreadFrom }) };
    bus.publish({ to: 'users', userIds: [receipt.userId], event: own });
    if (!small) continue;
    const { conversationId, userId } = receipt;
    const event = { type: 'receipt' as const, ...receipt };
    const discreet = { ...event, readSeq: 0 };
    const except = hidden ? [userId] : [userId, ...blind];
    bus.publish({ to: 'conversation', conversationId, except, event: hidden ? discreet : event });
    if (!hidden && blind.length > 0) bus.publish({ to: 'users', userIds: blind, event: discreet });
  }
}
