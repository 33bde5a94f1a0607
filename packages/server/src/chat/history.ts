import { type Id, type Message, type MessagePage, refuse, type Seq } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { mayRead } from '../store/members.ts';
import { messageAt, messagesAfter, messagesBefore } from '../store/messages.ts';
import { withinChars } from '../store/within-chars.ts';
import type { Chat } from './chat.ts';
import { ownBeside } from './own.ts';
import { newestOf } from './sync.ts';

/** At most one of the three; none: the newest page. `before` and `after` are exclusive. */
export interface PageOf {
  readonly before?: Seq | undefined;
  readonly after?: number | undefined;
  readonly around?: Seq | undefined;
  readonly limit: number;
}

/** A page of history, ascending; shorter than `limit` where messages are long. @throws {Refusal} conversation.unknown, cursor.conflict */
export async function readHistory(chat: Chat, actor: Actor, conversationId: Id, page: PageOf): Promise<MessagePage> {
  const found = await readPage(chat, actor, conversationId, page);
  return { ...found, ...(await ownBeside(chat, actor, conversationId, found.messages)) };
}

async function readPage(chat: Chat, actor: Actor, conversationId: Id, page: PageOf): Promise<MessagePage> {
  const { before, after, around, limit } = page;
  if ([before, after, around].filter(cursor => cursor !== undefined).length > 1) refuse('cursor.conflict', {});
  const { db } = chat.store;
  if (!(await mayRead(db, conversationId, actor.userId))) refuse('conversation.unknown', {});
  if (after !== undefined) {
    const found = await messagesAfter(db, conversationId, after, limit + 1);
    const messages = withinChars(found.slice(0, limit));
    return { messages, hasBefore: after > 0, hasAfter: found.length > messages.length };
  }
  if (around !== undefined) {
    const earlier = Math.floor(limit / 2);
    const [older, newer] = await Promise.all([
      messagesBefore(db, conversationId, around, earlier),
      messagesAfter(db, conversationId, around - 1, limit - earlier + 1),
    ]);
    const later = withinChars(newer.slice(0, limit - earlier));
    const messages = [...newestOf(older), ...later];
    return { messages, hasBefore: (messages[0]?.seq ?? 1) > 1, hasAfter: newer.length > later.length };
  }
  const messages = newestOf(await messagesBefore(db, conversationId, before ?? Number.MAX_SAFE_INTEGER, limit));
  return { messages, hasBefore: (messages[0]?.seq ?? 1) > 1, hasAfter: before !== undefined };
}

/** @throws {Refusal} conversation.unknown, message.unknown */
export async function readMessage(chat: Chat, actor: Actor, conversationId: Id, seq: Seq): Promise<Message> {
  if (!(await mayRead(chat.store.db, conversationId, actor.userId))) refuse('conversation.unknown', {});
  const message = await messageAt(chat.store.db, conversationId, seq);
  return message ?? refuse('message.unknown', {});
}
