import type { CommandOf, CommandType, EventOf, Message } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import type { Origin } from '../bus/bus.ts';
import { deleteMessage, editMessage } from './change-message.ts';
import type { Chat } from './chat.ts';
import { vote } from './polls.ts';
import { addReaction, removeReaction } from './reactions.ts';
import { markDelivered, markRead } from './receipts.ts';
import { sendMessage } from './send-message.ts';
import { readChanges, readHeads } from './sync.ts';
import { watchThreads } from './threads.ts';
import { setTyping } from './typing.ts';

/** What answers a command; undefined: it has no answer, or the fan-out gave it. */
export type Answer = EventOf<'ack' | 'changes' | 'heads' | 'pong'>;
type Performed = Exclude<CommandType, 'auth'>;
/** Written so that a command and the performer found by its type stay together for the compiler. */
type Given<T extends Performed = Performed> = { [P in T]: { type: P } & CommandOf<P> }[T];
type Performer<T extends Performed> = (
  chat: Chat,
  actor: Actor,
  command: Given<T>,
  origin: Origin | undefined,
) => Promise<Answer | undefined>;

/** Each command and its answer; undefined: it has none. One forgotten does not compile. */
const performers: { readonly [T in Performed]: Performer<T> } = {
  async 'message.send'(chat, actor, { conversationId, ...draft }, origin) {
    const { message, duplicate, notices } = await sendMessage(chat, actor, conversationId, draft, origin);
    if (duplicate) return { type: 'ack', message, duplicate };
    return origin ? undefined : { type: 'ack', message, ...(notices && { notices }) };
  },
  async 'message.edit'(chat, actor, { conversationId, seq, text }, origin) {
    return acked(await editMessage(chat, actor, conversationId, seq, text, origin), origin);
  },
  async 'message.delete'(chat, actor, { conversationId, seq }, origin) {
    return acked(await deleteMessage(chat, actor, conversationId, seq, origin), origin);
  },
  async 'reaction.add'(chat, actor, { conversationId, seq, emoji }, origin) {
    return acked(await addReaction(chat, actor, conversationId, seq, emoji, origin), origin);
  },
  async 'reaction.remove'(chat, actor, { conversationId, seq, emoji }, origin) {
    return acked(await removeReaction(chat, actor, conversationId, seq, emoji, origin), origin);
  },
  async 'poll.vote'(chat, actor, { conversationId, seq, votes }, origin) {
    return acked(await vote(chat, actor, conversationId, seq, votes, origin), origin);
  },
  async watch(chat, actor, { conversationIds }, origin) {
    await watchThreads(chat, actor, conversationIds, origin);
    return undefined;
  },
  async 'receipt.delivered'(chat, actor, { conversationId, seq }) {
    await markDelivered(chat, actor, conversationId, seq);
    return undefined;
  },
  async 'receipt.read'(chat, actor, { conversationId, seq }) {
    await markRead(chat, actor, conversationId, seq);
    return undefined;
  },
  async typing(chat, actor, { conversationId, active }) {
    await setTyping(chat, actor, conversationId, active);
    return undefined;
  },
  async 'presence.set'(chat, actor, { status }) {
    chat.presences.set(actor, status);
    return undefined;
  },
  async sync(chat, actor, { conversationId, since, limit }) {
    const answer = () => readChanges(chat, actor, conversationId, since, limit);
    return { type: 'changes', ...(await chat.questions(actor.userId, answer)) };
  },
  async heads(chat, actor, { at }) {
    return { type: 'heads', ...(await chat.questions(actor.userId, () => readHeads(chat, actor, at))) };
  },
  async ping() {
    return { type: 'pong', serverTime: new Date().toISOString() };
  },
};

/** The fan-out answers a connection itself, so that its `ack` stands in the order of `rev` among the events of others. */
const acked = (
  { message, changed }: { readonly message: Message; readonly changed: boolean },
  origin: Origin | undefined,
): Answer | undefined => (changed && origin ? undefined : { type: 'ack', message });

/**
 * Does what a command says, for both doors.
 * @param origin  the connection that asked; its `ack` of a new change comes over the bus, in order
 * @returns the answer, without `ref`
 * @throws {Refusal}
 */
export function perform<T extends Performed>(
  chat: Chat,
  actor: Actor,
  command: Given<T>,
  origin?: Origin,
): Promise<Answer | undefined> {
  const performer: Performer<T> = performers[command.type];
  return performer(chat, actor, command, origin);
}
