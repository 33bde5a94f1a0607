import {
  type Changes,
  type Conversation,
  fixed,
  type Heads,
  type Id,
  type Member,
  type Message,
  refuse,
} from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import type { Connection } from '../store/database.ts';
import { membersAfter } from '../store/members.ts';
import { countChanged, messagesBefore } from '../store/messages.ts';
import { changedAfter, headsOf } from '../store/states.ts';
import { withinChars } from '../store/within-chars.ts';
import type { Chat } from './chat.ts';
import { ownBeside } from './own.ts';

/**
 * What changed in one conversation after `since`: each message once, as it is now, oldest change first.
 * @param since  last `rev` the caller has; 0 for none
 * @param limit  messages, 1..limits.syncPage
 * @returns `more`: go on from the answer's `rev`; `reset`: the newest page, as `since` was more than limits.syncGap rows
 *   behind or above the head
 * @throws {Refusal} conversation.unknown
 */
export async function readChanges(
  chat: Pick<Chat, 'store' | 'limits'>,
  actor: Actor,
  conversationId: Id,
  since: number,
  limit: number = chat.limits.syncPage,
): Promise<Changes> {
  const { store, limits } = chat;
  await store.marks.settled();
  const newest = Math.min(limit, limits.syncPage);
  const found = await changedAfter(store.db, {
    userId: actor.userId,
    conversationId,
    since,
    limit: newest + 1,
  });
  if (!found) refuse('conversation.unknown', {});
  const { conversation, rev, lastSeq, mine, metaRev } = found;
  const base = { conversationId, epoch: store.epoch(), lastSeq, mine };

  if (since > rev || (await behind(chat, conversationId, since, rev))) {
    const messages = newestOf(await messagesBefore(store.db, conversationId, lastSeq + 1, newest));
    return {
      ...base,
      rev,
      messages,
      more: false,
      reset: true,
      ...(await ownBeside(chat, actor, conversationId, messages)),
      ...(await about(store.db, conversation, actor)),
    };
  }
  const messages = withinChars(found.messages.slice(0, newest));
  const more = found.messages.length > messages.length;
  return {
    ...base,
    rev: more ? lastRev(messages, since) : rev,
    messages,
    more,
    ...(await ownBeside(chat, actor, conversationId, messages)),
    ...(metaRev > since && (await about(store.db, conversation, actor))),
  };
}

/** As many as fit into one answer, from the last on; in their order. */
export const newestOf = (rows: readonly Message[]): Message[] => withinChars(rows.toReversed()).reverse();

const lastRev = (page: readonly Message[], since: number): number => page.at(-1)?.rev ?? since;

async function behind(
  { store, limits }: Pick<Chat, 'store' | 'limits'>,
  conversationId: Id,
  since: number,
  headRev: number,
): Promise<boolean> {
  if (headRev - since <= limits.syncGap) return false;
  return (await countChanged(store.db, conversationId, since, limits.syncGap + 1)) > limits.syncGap;
}

/** The conversation itself, and who is in it where they are few, as the actor may see it; without one: as anybody may. */
export async function about(
  db: Connection,
  conversation: Conversation,
  actor?: Actor,
): Promise<{ conversation: Conversation; members?: Member[] }> {
  if (conversation.memberCount > fixed.smallRoom) return { conversation };
  return { conversation, members: await membersAfter(db, conversation.id, undefined, fixed.smallRoom, actor?.userId) };
}

/** Counters of my conversations that changed since `at`; of all of them without it. */
export async function readHeads({ store }: Chat, actor: Actor, at?: string): Promise<Heads> {
  await store.marks.settled();
  return { epoch: store.epoch(), ...(await headsOf(store.db, actor.userId, at)) };
}
