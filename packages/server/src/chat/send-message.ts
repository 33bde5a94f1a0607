import { type Draft, type Id, type Limits, type Message, refuse, textFault } from '@carpenter/protocol';
import type { Origin } from '../bus/bus.ts';
import { v7 } from '../ids.ts';
import { messageAt } from '../store/messages.ts';
import type { Actor, Chat } from './chat.ts';
import { noteMark } from './receipts.ts';

export interface Sent {
  readonly message: Message;
  /** This client id was stored before; `message` is the stored one, whatever text came along. */
  readonly duplicate?: true;
}

/**
 * Stores a message and tells everybody in the conversation, in that order.
 * @param origin  the connection that hears `ack` instead of the event
 * @throws {Refusal} message.empty, message.too_long, message.unstorable, conversation.unknown, storage_unavailable
 */
export async function sendMessage(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  draft: Draft,
  origin?: Origin,
): Promise<Sent> {
  checkText(draft.text, chat.limits);
  const id = v7();
  const { clientId, text, sentAt, metadata } = draft;
  const place = await chat.store.append({
    id,
    conversationId,
    senderId: actor.userId,
    clientId,
    text,
    sentAt,
    metadata,
  });
  if (place === 'not_member') refuse('conversation.unknown', {});
  if (place.known) {
    const message = await messageAt(chat.store.db, conversationId, place.seq);
    if (!message) throw new Error('a message known by its client id is not at its place');
    return { message, duplicate: true };
  }
  const message: Message = {
    id,
    clientId,
    conversationId,
    seq: place.seq,
    rev: place.rev,
    sender: actor.userId,
    type: 'text',
    text,
    ...(sentAt !== undefined && { sentAt }),
    createdAt: place.createdAt,
    ...(metadata && { metadata }),
  };
  chat.bus.publish({
    to: 'conversation',
    conversationId,
    event: { type: 'message.created', conversationId, rev: place.rev, message },
    origin,
  });
  noteMark(chat, actor, conversationId, { readSeq: place.seq, deliveredSeq: place.seq }); // whoever writes has read
  return { message };
}

/** @throws {Refusal} message.empty, message.too_long, message.unstorable */
export function checkText(text: string, { textMaxChars }: Limits): void {
  const fault = textFault(text, textMaxChars);
  if (fault === 'empty') refuse('message.empty', {});
  if (fault === 'unstorable') refuse('message.unstorable', {});
  if (fault) refuse('message.too_long', { chars: fault.chars, maxChars: textMaxChars });
}
