import { type Id, id, refuse, type Seq, type ThreadRow, type User } from '@carpenter/protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import type { Origin } from '../bus/bus.ts';
import { lockHead } from '../store/conversations.ts';
import { standingIn } from '../store/members.ts';
import { messageAt } from '../store/messages.ts';
import { bucketOf } from '../store/shards.ts';
import { threadsPage } from '../store/states.ts';
import {
  deleteFollower,
  insertFollowers,
  insertThread,
  lockHeads,
  threadIdIn,
  threadOn,
  threadsReadBy,
} from '../store/threads.ts';
import { usersByIds } from '../store/users.ts';
import { readAdded, tellAdded } from './added.ts';
import type { Begun } from './begin.ts';
import type { Chat } from './chat.ts';
import { readConversation } from './conversations.ts';
import { placeAt, readCursor, writeCursor } from './cursor.ts';
import { peopleIn } from './people-in.ts';
import { mustHaveRoom } from './room-left.ts';

/**
 * The thread of a message, made on first use. Looking is not following.
 * @throws {Refusal} conversation.unknown, message.unknown, message.no_thread
 */
export async function openThread(chat: Chat, actor: Actor, parentId: Id, parentSeq: Seq): Promise<Begun> {
  const { id, created } = await chat.store.turn(actor.userId, [parentId], async tx => {
    await lockHead(tx, parentId);
    const standing = await standingIn(tx, parentId, actor.userId);
    if (!standing) refuse('conversation.unknown', {});
    const root = await messageAt(tx, parentId, parentSeq);
    if (!root || root.type === 'system') refuse('message.unknown', {});
    if (standing.type === 'thread' || root.fromThread) refuse('message.no_thread', {});
    const known = await threadOn(tx, parentId, parentSeq);
    if (known) return { id: known, created: false };
    if (standing.archived) refuse('conversation.archived', {});
    const id = threadIdIn(parentId);
    await insertThread(tx, { id, parentId, parentSeq, createdBy: actor.userId });
    return { id, created: true };
  });
  return { created, detail: await readConversation(chat, actor, id) };
}

/**
 * It counts as unread from now on. Follows already: nothing changes.
 * @throws {Refusal} conversation.unknown, conversation.too_many, message.no_thread
 */
export async function followThread(chat: Chat, actor: Actor, threadId: Id): Promise<void> {
  const parentId = await parentIdOf(chat, actor, threadId);
  const added = await chat.store.turn(actor.userId, [threadId, parentId], async tx => {
    await lockHeads(tx, [threadId, parentId]);
    if (!(await standingIn(tx, threadId, actor.userId))) refuse('conversation.unknown', {});
    const fresh = await insertFollowers(tx, threadId, parentId, [actor.userId]);
    await mustHaveRoom(tx, actor, fresh.keys());
    return fresh.size > 0 ? readAdded(tx, actor, threadId, fresh) : undefined;
  });
  if (added) tellAdded(chat.bus, added);
}

/** Did not follow: nothing changes. @throws {Refusal} conversation.unknown, message.no_thread */
export async function unfollowThread(chat: Chat, actor: Actor, threadId: Id): Promise<void> {
  const { userId } = actor;
  const parentId = await parentIdOf(chat, actor, threadId);
  const rev = await chat.store.turn(actor.userId, [threadId, parentId], async tx => {
    await lockHeads(tx, [threadId, parentId]);
    const head = await lockHead(tx, threadId);
    return (await deleteFollower(tx, threadId, userId)) ? head?.rev : undefined;
  });
  if (rev === undefined) return;
  chat.bus.publish({ to: 'hub', change: 'member.removed', conversationId: threadId, userId });
  const event = { type: 'conversation.removed' as const, conversationId: threadId, rev };
  chat.bus.publish({ to: 'users', userIds: [userId], event });
}

async function parentIdOf({ store: { db } }: Chat, actor: Actor, threadId: Id): Promise<Id> {
  const standing = await standingIn(db, threadId, actor.userId);
  if (!standing) refuse('conversation.unknown', {});
  return standing.parent?.conversationId ?? refuse('message.no_thread', {});
}

/**
 * From now on this connection hears these threads, too; over HTTP, all connections of this login. Those that one may not read are
 * left out, without a word: nobody learns whether they exist. The others are asked about again in the lane, those of one bucket
 * together, so that a removal or a message is told before or after, never between: `activity` says up to where nothing was told.
 */
export async function watchThreads(
  chat: Pick<Chat, 'store' | 'bus' | 'questions' | 'inOrder'>,
  actor: Actor,
  conversationIds: readonly Id[],
  origin: Origin | undefined,
): Promise<void> {
  const { userId, sessionId } = actor;
  const watching = {
    to: 'hub',
    change: 'watching',
    userId,
    sessionId,
    seat: origin?.seat,
    among: conversationIds,
  } as const;
  chat.bus.publish(watching);
  const readable = chat.questions(userId, () => threadsReadBy(chat.store.db, userId, conversationIds));
  await chat.inOrder.run(`watch ${origin?.seat ?? sessionId}`, readable, async found => {
    const byBucket = Map.groupBy(
      found.map(({ id }) => id),
      bucketOf,
    );
    for (const [firstId = '', ...more] of byBucket.values()) {
      const threads = await chat.store.turn(userId, [firstId, ...more], async tx => {
        await lockHeads(tx, [firstId, ...more]);
        return threadsReadBy(tx, userId, [firstId, ...more]);
      });
      for (const thread of threads) chat.bus.publish({ ...watching, thread });
    }
  });
}

const place = z.object({ unread: z.boolean(), at: placeAt, id });

/** A page of the threads I follow, unread ones first, then the latest. @throws {Refusal} cursor.invalid */
export async function listThreads(
  chat: Chat,
  actor: Actor,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ threads: ThreadRow[]; users: User[]; next?: string }> {
  const after = readCursor(cursor, place);
  await chat.store.marks.settled();
  const { threads, next } = await threadsPage(chat.store.db, actor.userId, after, limit);
  const people = [...peopleIn(threads.map(({ state }) => state)), ...threads.map(({ root }) => root.sender)];
  return {
    threads,
    users: await usersByIds(chat.store.db, [...new Set(people)]),
    ...(next && { next: writeCursor(next) }),
  };
}
