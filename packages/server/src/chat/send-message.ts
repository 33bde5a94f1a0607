import type { Draft, Id } from '@carpenter/protocol';
import type { Origin } from '../bus/bus.ts';
import type { NewMessage, Place } from '../store/append.ts';
import type { Actor, Chat } from './chat.ts';
import { type Prepared, prepare } from './draft.ts';
import { asStored, newMessage, type Sent, storedBefore, tellSent } from './new-message.ts';
import { refuseWriting } from './refuse-writing.ts';
import { sendInThread } from './send-in-thread.ts';
import { storeWithFiles } from './store-with-files.ts';

/**
 * Stores a message and tells everybody in the conversation, in that order. Messages of one sender to one conversation are stored
 * in the order in which they came, however long the looking up of one takes.
 * @param origin  the connection that hears `ack` instead of the event
 * @throws {Refusal} message.*, poll.options, conversation.unknown, storage_unavailable
 */
export async function sendMessage(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  draft: Draft,
  origin?: Origin,
): Promise<Sent> {
  const prepared = prepare(chat, actor, conversationId, draft);
  return chat.inOrder.run(`${actor.userId} ${conversationId}`, prepared, ready =>
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
      ? await chat.store.turn(conversationId, tx => storeWithFiles(tx, message, files))
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
