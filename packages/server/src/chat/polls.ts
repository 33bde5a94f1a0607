import { type Draft, fixed, type Id, type Poll, refuse, type Seq, textFault } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import type { Origin } from '../bus/bus.ts';
import { nextRev, setBeside } from '../store/messages.ts';
import { setVotes, votedAfter } from '../store/polls.ts';
import type { Chat } from './chat.ts';
import { type Changed, mustStand, onMessage } from './on-message.ts';
import { chosenBy } from './reactions.ts';

const { pollOptionsMin: min, pollOptionsMax: max, pollOptionMaxChars: maxChars, firstMax } = fixed;

/** A poll as it begins. @throws {Refusal} poll.options: too few, too many, too long, empty or the same twice */
export function newPoll({ options, multiple }: NonNullable<Draft['poll']>): Poll {
  const texts = options.map(option => option.trim());
  const bad = texts.some(text => textFault(text, maxChars) !== undefined) || new Set(texts).size < texts.length;
  if (bad || texts.length < min || texts.length > max) refuse('poll.options', { min, max, maxChars });
  return { options: texts.map(text => ({ text, count: 0, first: [] })), multiple };
}

/**
 * My votes from now on; none takes them back, the same again change nothing.
 * @throws {Refusal} conversation.unknown, message.unknown, message.deleted, poll.none, poll.closed, poll.vote
 */
export const vote = (
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  seq: Seq,
  votes: readonly number[],
  origin?: Origin,
): Promise<Changed> =>
  onMessage(chat, actor, conversationId, seq, origin, async (tx, present) => {
    mustStand(present);
    const { poll } = present;
    if (!poll) refuse('poll.none', {});
    if (poll.closedAt) refuse('poll.closed', {});
    const chosen = [...new Set(votes)].sort((a, b) => a - b);
    if (chosen.some(option => option >= poll.options.length)) refuse('poll.vote', {});
    if (chosen.length > 1 && !poll.multiple) refuse('poll.vote', {});
    const { lost, gained } = await setVotes(tx, conversationId, seq, actor.userId, chosen);
    if (lost.length + gained.length === 0) return false;
    const options = [];
    for (const [number, option] of poll.options.entries()) {
      const by = gained.includes(number) ? 1 : lost.includes(number) ? -1 : 0;
      const first = by === 0 ? undefined : await votedAfter(tx, conversationId, seq, number, undefined, firstMax);
      options.push({ ...option, count: option.count + by, ...(first && { first: first.map(c => c.userId) }) });
    }
    const rev = await nextRev(tx, conversationId);
    const message = await setBeside(tx, conversationId, seq, rev, 'poll', { ...poll, options });
    return { message, change: 'poll', vote: { userId: actor.userId, votes: chosen } };
  });

/** Ends one's poll; ended already: nothing changes. @throws {Refusal} conversation.unknown, message.*, poll.none */
export const closePoll = (chat: Chat, actor: Actor, conversationId: Id, seq: Seq): Promise<Changed> =>
  onMessage(chat, actor, conversationId, seq, undefined, async (tx, present) => {
    mustStand(present);
    const { poll } = present;
    if (!poll) refuse('poll.none', {});
    if (present.sender !== actor.userId) refuse('message.not_yours', {});
    if (poll.closedAt) return false;
    const rev = await nextRev(tx, conversationId);
    const closed = { ...poll, closedAt: new Date().toISOString() };
    return { message: await setBeside(tx, conversationId, seq, rev, 'poll', closed), change: 'poll' };
  });

/** Who chose this answer. @throws {Refusal} conversation.unknown, message.unknown, cursor.invalid */
export const votedBy = (
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  seq: Seq,
  option: number,
  page: { readonly limit: number; readonly cursor?: string | undefined },
) =>
  chosenBy(chat, actor, conversationId, seq, page, (after, limit) =>
    votedAfter(chat.store.db, conversationId, seq, option, after, limit),
  );
