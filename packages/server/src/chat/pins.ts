import { fixed, type Id, type Message, mayDo, type Owns, refuse, type Seq, seq, time } from '@carpenter/protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import { mayRead } from '../store/members.ts';
import { addSystemMessage, countPinned, nextRev, pinnedAfter, setPinned } from '../store/messages.ts';
import { withinChars } from '../store/within-chars.ts';
import type { Chat } from './chat.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { type Changed, mustStand, onMessage } from './on-message.ts';
import { ownBeside } from './own.ts';

/**
 * Pins a message for everybody, and writes so into the log. Pinned already: nothing changes.
 * @throws {Refusal} conversation.unknown, message.unknown, message.deleted, member.not_allowed, pin.too_many
 */
export async function pinMessage(chat: Chat, actor: Actor, conversationId: Id, seq: Seq): Promise<Changed> {
  let line: Message | undefined;
  const done = await onMessage(chat, actor, conversationId, seq, undefined, async (tx, present, { role }) => {
    mustStand(present);
    if (!mayDo(role, 'pin')) refuse('member.not_allowed', {});
    if (present.pinnedAt) return false;
    const { pinsMax: max } = fixed;
    if ((await countPinned(tx, conversationId)) >= max) refuse('pin.too_many', { max });
    const message = await setPinned(tx, conversationId, seq, await nextRev(tx, conversationId), actor.userId);
    line = await addSystemMessage(tx, conversationId, actor.userId, { kind: 'pinned', seq });
    return { message, change: 'pin' };
  });
  if (line) {
    const event = { type: 'message.created' as const, conversationId, rev: line.rev, message: line };
    chat.bus.publish({ to: 'conversation', conversationId, event });
  }
  return done;
}

/** @throws {Refusal} conversation.unknown, message.unknown, member.not_allowed */
export const unpinMessage = (chat: Chat, actor: Actor, conversationId: Id, seq: Seq): Promise<Changed> =>
  onMessage(chat, actor, conversationId, seq, undefined, async (tx, present, { role }) => {
    if (!mayDo(role, 'pin')) refuse('member.not_allowed', {});
    if (!present.pinnedAt) return false;
    const message = await setPinned(tx, conversationId, seq, await nextRev(tx, conversationId), null);
    return { message, change: 'pin' };
  });

const place = z.object({ at: time, seq });

/** Latest pin first; shorter than `limit` where messages are long. @throws {Refusal} conversation.unknown, cursor.invalid */
export async function listPins(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ messages: Message[]; own?: Owns; next?: string }> {
  const { db } = chat.store;
  if (!(await mayRead(db, conversationId, actor.userId))) refuse('conversation.unknown', {});
  const found = await pinnedAfter(db, conversationId, readCursor(cursor, place), limit + 1);
  const messages = withinChars(found.slice(0, limit));
  const last = messages.at(-1);
  return {
    messages,
    ...(await ownBeside(chat, actor, conversationId, messages)),
    ...(found.length > messages.length && last && { next: writeCursor({ at: last.pinnedAt, seq: last.seq }) }),
  };
}
