import { type Draft, type Id, type Message, type Notice, saysRead } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import type { Origin } from '../bus/bus.ts';
import { v7 } from '../ids.ts';
import type { NewMessage, Place } from '../store/append.ts';
import { messageAt } from '../store/messages.ts';
import type { Chat } from './chat.ts';
import { carried } from './draft.ts';
import { noteMark } from './receipts.ts';

export interface Sent {
  readonly message: Message;
  /** This client id was stored before; `message` is the stored one, whatever text came along. */
  readonly duplicate?: true;
  /** Done, but not all of it had the effect one might expect. */
  readonly notices?: Notice[];
}

export const newMessage = (
  { userId: senderId }: Actor,
  conversationId: Id,
  { clientId, sentAt, metadata }: Draft,
  text: string,
  extra: NewMessage['extra'],
): NewMessage => ({ id: v7(), conversationId, senderId, clientId, text, sentAt, metadata, extra });

/** As everybody reads it. */
export const asStored = (fresh: NewMessage, { seq, rev, createdAt }: Place): Message => ({
  id: fresh.id,
  clientId: fresh.clientId,
  conversationId: fresh.conversationId,
  seq,
  rev,
  sender: fresh.senderId,
  type: 'text',
  text: fresh.text,
  ...carried(fresh.extra ?? {}),
  ...(fresh.sentAt !== undefined && { sentAt: fresh.sentAt }),
  createdAt,
  ...(fresh.metadata && { metadata: fresh.metadata }),
});

export async function storedBefore({ store }: Chat, conversationId: Id, { seq }: Place): Promise<Sent> {
  const message = await messageAt(store.db, conversationId, seq);
  if (!message) throw new Error('a message known by its client id is not at its place');
  return { message, duplicate: true };
}

/** Whoever writes now has read. */
export function tellSent(chat: Chat, message: Message, origin?: Origin, notices: readonly Notice[] = []): void {
  const { conversationId, seq, rev, sender: userId } = message;
  chat.bus.publish({
    to: 'conversation',
    conversationId,
    event: { type: 'message.created', conversationId, rev, message },
    origin: origin && notices.length > 0 ? { ...origin, notices } : origin,
  });
  if (saysRead(message)) noteMark(chat, userId, conversationId, { readSeq: seq, deliveredSeq: seq });
}
