import { type Id, type Message, type Preview, previewableIn, refuse, type Seq } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import type { Chat } from '../chat/chat.ts';
import { mustStand } from '../chat/on-message.ts';
import { lockHead } from '../store/conversations.ts';
import { standingIn } from '../store/members.ts';
import { messageAt, nextRev, setBeside } from '../store/messages.ts';
import { previewRefused, refusePreview, usePicture } from '../store/previews.ts';

/**
 * Puts a preview under a message that still links to this page, or takes away one that no longer fits, and tells everybody.
 * @param link  what the message linked to when it was looked at
 * @param found  undefined: nothing to show
 */
export async function setPreview(
  chat: Chat,
  conversationId: Id,
  seq: Seq,
  link: string | undefined,
  found: Preview | undefined,
): Promise<void> {
  const done = await chat.store.turn(conversationId, [conversationId], async tx => {
    await lockHead(tx, conversationId);
    const present = await messageAt(tx, conversationId, seq);
    if (!present || present.deletedAt || previewableIn(present.text) !== link) return undefined;
    if (!found && !present.preview) return undefined;
    if (await previewRefused(tx, conversationId, seq)) return undefined;
    await usePicture(tx, conversationId, seq, found?.imageId);
    const message = await setBeside(
      tx,
      conversationId,
      seq,
      await nextRev(tx, conversationId),
      'preview',
      found ?? null,
    );
    return { message, was: present.rev };
  });
  if (done) tell(chat, done.message, done.was);
}

/**
 * Takes the preview of one's own message away, for good; where none has come yet, none comes.
 * @throws {Refusal} conversation.unknown, message.unknown, message.not_yours, message.deleted, storage_unavailable
 */
export async function removePreview(chat: Chat, actor: Actor, conversationId: Id, seq: Seq): Promise<Message> {
  const { message, was } = await chat.store.turn(actor.userId, [conversationId], async tx => {
    await lockHead(tx, conversationId);
    if (!(await standingIn(tx, conversationId, actor.userId))) refuse('conversation.unknown', {});
    const present = await messageAt(tx, conversationId, seq);
    if (!present) refuse('message.unknown', {});
    mustStand(present);
    if (present.sender !== actor.userId) refuse('message.not_yours', {});
    await usePicture(tx, conversationId, seq, undefined);
    if (!present.preview) {
      await refusePreview(tx, conversationId, seq);
      return { message: present };
    }
    await setBeside(tx, conversationId, seq, await nextRev(tx, conversationId), 'preview', null);
    await refusePreview(tx, conversationId, seq);
    const message = await messageAt(tx, conversationId, seq);
    return { message: message ?? present, was: present.rev };
  });
  if (was !== undefined) tell(chat, message, was);
  return message;
}

function tell({ bus }: Chat, message: Message, was: number): void {
  const { conversationId, rev } = message;
  const event = { type: 'message.updated' as const, conversationId, rev, message, was, change: 'preview' as const };
  bus.publish({ to: 'conversation', conversationId, event });
}
