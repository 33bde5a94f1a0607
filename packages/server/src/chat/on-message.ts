import { type EventOf, type Id, type Message, refuse, type Seq } from '@carpenter/protocol';
import type pg from 'pg';
import type { Actor } from '../auth/actor.ts';
import type { Origin } from '../bus/bus.ts';
import { lockHead } from '../store/conversations.ts';
import { type Standing, standingIn } from '../store/members.ts';
import { messageAt } from '../store/messages.ts';
import type { Chat } from './chat.ts';

export interface Changed {
  readonly message: Message;
  /** False: it was so already, nobody was told. */
  readonly changed: boolean;
}
/** What is told of a change beside the message itself. */
type Telling = Pick<EventOf<'message.updated'>, 'change' | 'reaction' | 'vote'>;
interface Done extends Telling {
  readonly message: Message;
}
type Work = (tx: pg.ClientBase, present: Message, standing: Standing) => Promise<Done | false>;

/**
 * Changes something at a message that the actor may read, under the lock of its conversation's head, and tells everybody.
 * @param work  returns what changed, or false where nothing did: then no `rev` may have been given
 * @throws {Refusal} conversation.unknown, conversation.archived, message.unknown, rate.exceeded, storage_unavailable, what `work` throws
 */
export async function onMessage(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  seq: Seq,
  origin: Origin | undefined,
  work: Work,
): Promise<Changed> {
  const { present, done } = await chat.store.turn(actor.userId, [conversationId], async tx => {
    await lockHead(tx, conversationId);
    const standing = await standingIn(tx, conversationId, actor.userId);
    if (!standing) refuse('conversation.unknown', {});
    const present = await messageAt(tx, conversationId, seq);
    if (!present) refuse('message.unknown', {});
    if (standing.archived) refuse('conversation.archived', {});
    const done = await work(tx, present, standing);
    if (done) chat.retold(actor.userId, done.message);
    return { present, done };
  });
  if (!done) return { message: present, changed: false };
  const { rev } = done.message;
  chat.bus.publish({
    to: 'conversation',
    conversationId,
    event: { type: 'message.updated', conversationId, rev, ...done },
    origin,
  });
  return { message: done.message, changed: true };
}

/** @throws {Refusal} message.deleted; message.unknown for a line that nobody wrote */
export function mustStand(message: Message): void {
  if (message.type === 'system') refuse('message.unknown', {});
  if (message.deletedAt) refuse('message.deleted', {});
}
