import { type Draft, type Id, type Message, Refusal, worthRetrying } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import type { Origin } from '../bus/bus.ts';
import type { NewMessage, Place } from '../store/append.ts';
import { conversationById } from '../store/conversations.ts';
import { standingIn } from '../store/members.ts';
import { messageSentAs } from '../store/messages.ts';
import type { Chat } from './chat.ts';
import { type Prepared, prepare } from './draft.ts';
import { writingOf } from './in-order.ts';
import { asStored, newMessage, type Sent, storedBefore, tellSent } from './new-message.ts';
import { refuseWriting } from './refuse-writing.ts';
import { readyToReply, sendInThread } from './send-in-thread.ts';
import { storeWithFiles } from './store-with-files.ts';

/**
 * Stores a message and tells everybody in the conversation, in that order. Messages of one sender to one conversation are stored
 * in the order in which they came, however long the looking up of one takes. What was stored under this client id before is
 * answered, also where it could not be sent any more, or by somebody who was taken out since: the one who sends again did not hear of it.
 * @param origin  the connection that hears `ack` instead of the event
 * @throws {Refusal} message.*, poll.*, conversation.unknown, storage_unavailable
 */
export async function sendMessage(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  draft: Draft,
  origin?: Origin,
): Promise<Sent> {
  try {
    return await send(chat, actor, conversationId, draft, origin);
  } catch (error) {
    const forGood = error instanceof Refusal && !worthRetrying(error.code);
    const stored = forGood && (await sentBefore(chat, actor, conversationId, draft));
    if (stored) return stored;
    throw error;
  }
}

/** In the lane: the first try may still be on its way through it. */
async function sentBefore(chat: Chat, actor: Actor, conversationId: Id, draft: Draft): Promise<Sent | undefined> {
  const message = await chat.store.turn(actor.userId, [conversationId], async tx => {
    const stored = await messageSentAs(tx, conversationId, actor.userId, draft.clientId);
    if (!stored || (await standingIn(tx, conversationId, actor.userId))) return stored;
    return (await conversationById(tx, conversationId)) ? asSent(stored, draft.text) : undefined;
  });
  return message && { message, duplicate: true };
}

/** For somebody who is not in the conversation any more: that it was stored, and nothing that came later. */
const asSent = (
  { id, clientId, conversationId, seq, sender, type, sentAt, createdAt }: Message,
  text: string,
): Message => ({
  id,
  clientId,
  conversationId,
  seq,
  rev: 0, // none that they may know
  sender,
  type,
  text,
  ...(sentAt !== undefined && { sentAt }),
  createdAt,
});

async function send(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  draft: Draft,
  origin: Origin | undefined,
): Promise<Sent> {
  const prepared = prepare(chat, actor, conversationId, draft);
  const inThread = prepared instanceof Promise || prepared.parent !== undefined;
  const preparing = inThread ? readyToReply(chat, actor, conversationId, prepared) : prepared;
  return chat.inOrder.run(writingOf(actor, conversationId), preparing, ready =>
    ready.parent
      ? sendInThread(chat, actor, conversationId, ready.parent, draft, ready, origin)
      : sendPlain(chat, actor, conversationId, draft, ready, origin),
  );
}

async function sendPlain(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  draft: Draft,
  { text, extra, files, notices }: Prepared,
  origin: Origin | undefined,
): Promise<Sent> {
  const message = newMessage(actor, conversationId, draft, text, extra);
  const stored =
    files.length > 0
      ? await chat.store.turn(actor.userId, [conversationId], tx => storeWithFiles(tx, message, files))
      : await append(chat, message);
  if (!stored) return refuseWriting(chat, actor, conversationId);
  const { fresh, place } = stored;
  if (place.known) return storedBefore(chat, conversationId, place);
  const sent = asStored(fresh, place);
  tellSent(chat, sent, origin, notices);
  return { message: sent, ...(notices.length > 0 && { notices: [...notices] }) };
}

async function append({ store }: Chat, fresh: NewMessage): Promise<{ fresh: NewMessage; place: Place } | undefined> {
  const place = await store.append(fresh);
  return place === 'not_member' ? undefined : { fresh, place };
}
