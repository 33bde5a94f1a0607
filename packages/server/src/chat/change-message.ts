import { type Id, type Message, refuse, type Seq } from '@carpenter/protocol';
import type pg from 'pg';
import type { Origin } from '../bus/bus.ts';
import { lockHead } from '../store/conversations.ts';
import { isMember } from '../store/members.ts';
import { messageAt, nextRev, setDeleted, setText } from '../store/messages.ts';
import type { Actor, Chat } from './chat.ts';
import { checkText } from './send-message.ts';

export interface Changed {
  readonly message: Message;
  /** False: it was so already, nobody was told. */
  readonly changed: boolean;
}

/**
 * Changes the text of one's own message. The same text again changes nothing and raises no `rev`.
 * @throws {Refusal} conversation.unknown, message.*, storage_unavailable
 */
export async function editMessage(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  seq: Seq,
  text: string,
  origin?: Origin,
): Promise<Changed> {
  checkText(text, chat.limits);
  const { message, changed } = await chat.store.turn(conversationId, async tx => {
    const present = await ownMessage(tx, actor, conversationId, seq);
    if (present.deletedAt) refuse('message.deleted', {});
    if (present.text === text) return { message: present, changed: false };
    const rev = await nextRev(tx, conversationId);
    return { message: await setText(tx, conversationId, seq, rev, text), changed: true };
  });
  if (changed) {
    const { rev } = message;
    const event = { type: 'message.updated' as const, conversationId, rev, message, change: 'edit' as const };
    chat.bus.publish({ to: 'conversation', conversationId, event, origin });
  }
  return { message, changed };
}

/**
 * Deletes one's own message: it keeps its place and loses its content. Deleted already: nothing changes.
 * @throws {Refusal} conversation.unknown, message.unknown, message.not_yours, storage_unavailable
 */
export async function deleteMessage(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  seq: Seq,
  origin?: Origin,
): Promise<Changed> {
  const { message, changed } = await chat.store.turn(conversationId, async tx => {
    const present = await ownMessage(tx, actor, conversationId, seq);
    if (present.deletedAt) return { message: present, changed: false };
    const rev = await nextRev(tx, conversationId);
    return { message: await setDeleted(tx, conversationId, seq, rev), changed: true };
  });
  if (changed) {
    const event = { type: 'message.deleted' as const, conversationId, rev: message.rev, message };
    chat.bus.publish({ to: 'conversation', conversationId, event, origin });
  }
  return { message, changed };
}

/** Under the lock of the head, so that it stays what it is until the commit. */
async function ownMessage(tx: pg.ClientBase, actor: Actor, conversationId: Id, seq: Seq): Promise<Message> {
  await lockHead(tx, conversationId);
  if (!(await isMember(tx, conversationId, actor.userId))) refuse('conversation.unknown', {});
  const message = await messageAt(tx, conversationId, seq);
  if (!message) refuse('message.unknown', {});
  if (message.sender !== actor.userId || message.type === 'system') refuse('message.not_yours', {});
  return message;
}
