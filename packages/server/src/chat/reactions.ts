import { type ChosenBy, fixed, type Id, id, refuse, type Seq } from '@carpenter/protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import type { Origin } from '../bus/bus.ts';
import type { Chosen } from '../store/chosen.ts';
import { mayRead } from '../store/members.ts';
import { messageAt, nextRev, setBeside } from '../store/messages.ts';
import { countedReactions, deleteReaction, insertReaction, reactedAfter } from '../store/reactions.ts';
import { usersByIds } from '../store/users.ts';
import type { Chat } from './chat.ts';
import { placeAt, readCursor, writeCursor } from './cursor.ts';
import { type Changed, mustStand, onMessage } from './on-message.ts';

/**
 * Reacts; again changes nothing.
 * @throws {Refusal} conversation.unknown, message.unknown, message.deleted, reaction.too_many, storage_unavailable
 */
export const addReaction = (
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  seq: Seq,
  emoji: string,
  origin?: Origin,
): Promise<Changed> =>
  onMessage(chat, actor, conversationId, seq, origin, async (tx, present) => {
    mustStand(present);
    const { reactions = [] } = present;
    const { reactionsMax: max } = fixed;
    if (reactions.length >= max && !reactions.some(r => r.emoji === emoji)) refuse('reaction.too_many', { max });
    const { userId } = actor;
    if (!(await insertReaction(tx, conversationId, seq, userId, emoji))) return false;
    const counted = await countedReactions(tx, conversationId, seq, reactions, emoji, 1);
    const rev = await nextRev(tx, conversationId);
    const message = await setBeside(tx, conversationId, seq, rev, 'reactions', counted);
    return { message, change: 'reaction', reaction: { userId, emoji, added: true } };
  });

/** Takes one's reaction back. @throws {Refusal} conversation.unknown, message.unknown, storage_unavailable */
export const removeReaction = (
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  seq: Seq,
  emoji: string,
  origin?: Origin,
): Promise<Changed> =>
  onMessage(chat, actor, conversationId, seq, origin, async (tx, present) => {
    const { userId } = actor;
    if (!(await deleteReaction(tx, conversationId, seq, userId, emoji))) return false;
    const counted = await countedReactions(tx, conversationId, seq, present.reactions ?? [], emoji, -1);
    const rev = await nextRev(tx, conversationId);
    const message = await setBeside(tx, conversationId, seq, rev, 'reactions', counted.length > 0 ? counted : null);
    return { message, change: 'reaction', reaction: { userId, emoji, added: false } };
  });

const place = z.object({ userId: id, at: placeAt });
interface Page {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Who reacted so, first ones first. @throws {Refusal} conversation.unknown, message.unknown, cursor.invalid */
export const reactedBy = (chat: Chat, actor: Actor, conversationId: Id, seq: Seq, emoji: string, page: Page) =>
  chosenBy(chat, actor, conversationId, seq, page, (after, limit) =>
    reactedAfter(chat.store.db, conversationId, seq, emoji, after, limit),
  );

/** A page of people who chose one thing at a message. */
export async function chosenBy(
  { store }: Chat,
  actor: Actor,
  conversationId: Id,
  seq: Seq,
  { limit, cursor }: Page,
  read: (after: Chosen | undefined, limit: number) => Promise<Chosen[]>,
): Promise<ChosenBy> {
  if (!(await mayRead(store.db, conversationId, actor.userId))) refuse('conversation.unknown', {});
  if (!(await messageAt(store.db, conversationId, seq))) refuse('message.unknown', {});
  const found = await read(readCursor(cursor, place), limit + 1);
  const people = found.slice(0, limit);
  const last = people.at(-1);
  return {
    people: people.map(({ userId, at }) => ({ userId, at: new Date(at).toISOString() })),
    users: await usersByIds(
      store.db,
      people.map(({ userId }) => userId),
    ),
    ...(found.length > limit && last && { next: writeCursor(last) }),
  };
}
