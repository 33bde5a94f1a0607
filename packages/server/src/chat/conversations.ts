import {
  type Conversation,
  type ConversationDetail,
  type ConversationState,
  fixed,
  type Id,
  id,
  type MemberRole,
  refuse,
  type User,
} from '@carpenter/protocol';
import { z } from 'zod';
import { v7 } from '../ids.ts';
import { directConversationId, directKey, insertConversation } from '../store/conversations.ts';
import { addSystemMessage } from '../store/messages.ts';
import { presenceOf } from '../store/presence.ts';
import { stateOf, statesPage } from '../store/states.ts';
import { usersByIds } from '../store/users.ts';
import { readAdded, tellAdded } from './added.ts';
import { changeGroup, tellChange } from './change-group.ts';
import type { Actor, Chat } from './chat.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { peopleIn } from './people-in.ts';
import { about } from './sync.ts';

/** To the microsecond, as PostgreSQL counts; a day that never was is no place. */
const place = z.object({ at: z.iso.datetime({ precision: 6 }).refine(at => !at.startsWith('0000')), id });

export interface ConversationList {
  readonly conversations: ConversationState[];
  /** Everybody named in them. */
  readonly users: User[];
  readonly next?: string;
}

/** A page of my conversations, latest first. @throws {Refusal} cursor.invalid */
export async function listConversations(
  chat: Chat,
  actor: Actor,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<ConversationList> {
  const after = readCursor(cursor, place);
  await chat.store.marks.settled();
  const { states, next } = await statesPage(chat.store.db, actor.userId, fixed.unreadMax, after, limit);
  return {
    conversations: states,
    users: await usersByIds(chat.store.db, [...peopleIn(states)]),
    ...(next && { next: writeCursor(next) }),
  };
}

/** @throws {Refusal} conversation.unknown */
export async function readConversation(chat: Chat, actor: Actor, conversationId: Id): Promise<ConversationDetail> {
  const { store } = chat;
  await store.marks.settled();
  const found = await stateOf(store.db, actor.userId, fixed.unreadMax, conversationId);
  if (!found) refuse('conversation.unknown', {});
  const { members } = await about(store.db, found.state.conversation);
  const people = new Set([...(members ?? []).map(member => member.userId), ...peopleIn([found.state])]);
  return {
    ...found.state,
    ...(members && { members }),
    users: await usersByIds(store.db, [...people]),
    // whoever is in a small room may see who is there
    presence: members ? await presenceOf(store.db, [...people]) : [],
  };
}

export interface Begun {
  /** False: it was there before. */
  readonly created: boolean;
  readonly detail: ConversationDetail;
}

/** The direct conversation with somebody; it exists once. @throws {Refusal} conversation.with_self, user.unknown */
export async function beginDirect(chat: Chat, actor: Actor, userId: Id): Promise<Begun> {
  const { store } = chat;
  if (userId === actor.userId) refuse('conversation.with_self', {});
  const known = await directConversationId(store.db, actor.userId, userId);
  if (known) return { created: false, detail: await readConversation(chat, actor, known) };
  await checkUsers(chat, [userId]);
  const members = new Map<Id, MemberRole>([
    [actor.userId, 'member'],
    [userId, 'member'],
  ]);
  const conversationId = v7();
  const added = await store.turn(conversationId, async tx => {
    const inserted = await insertConversation(tx, {
      id: conversationId,
      type: 'direct',
      directKey: directKey(actor.userId, userId),
      createdBy: actor.userId,
      members,
    });
    return inserted ? readAdded(tx, actor, conversationId, [...members.keys()]) : undefined;
  });
  const created = added !== undefined;
  if (added) tellAdded(chat.bus, added);
  const present = created ? conversationId : await directConversationId(store.db, actor.userId, userId);
  if (!present) throw new Error('a direct conversation exists and cannot be found');
  return { created, detail: await readConversation(chat, actor, present) };
}

/** A new group; whoever begins it owns it. @throws {Refusal} user.unknown, conversation.full */
export async function beginGroup(
  chat: Chat,
  actor: Actor,
  { name, memberIds }: { name: string; memberIds: readonly Id[] },
): Promise<Begun> {
  const others = memberIds.filter(memberId => memberId !== actor.userId);
  const members = new Map<Id, MemberRole>(others.map(memberId => [memberId, 'member']));
  members.set(actor.userId, 'owner');
  const { groupMaxMembers: maxMembers } = chat.limits;
  if (members.size > maxMembers) refuse('conversation.full', { maxMembers });
  await checkUsers(chat, others);
  const conversationId = v7();
  const added = await chat.store.turn(conversationId, async tx => {
    await insertConversation(tx, { id: conversationId, type: 'group', name, createdBy: actor.userId, members });
    await addSystemMessage(tx, conversationId, actor.userId, { kind: 'created' });
    return readAdded(tx, actor, conversationId, [...members.keys()]);
  });
  tellAdded(chat.bus, added);
  return { created: true, detail: await readConversation(chat, actor, conversationId) };
}

/** @throws {Refusal} user.unknown */
export async function checkUsers(chat: Chat, userIds: readonly Id[]): Promise<void> {
  const distinct = [...new Set(userIds)];
  const found = await usersByIds(chat.store.db, distinct);
  if (found.length < distinct.length) refuse('user.unknown', {});
}

/** Name or topic of a group. @throws {Refusal} conversation.unknown, conversation.is_direct, member.not_allowed */
export async function updateConversation(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  { name, topic }: { name?: string | undefined; topic?: string | undefined },
): Promise<Conversation> {
  const done = await changeGroup(chat, actor, conversationId, 'rename', async (_tx, group) => {
    const renamed = name !== undefined && name !== group.name;
    if (!renamed && (topic === undefined || topic === (group.topic ?? ''))) return false;
    return { name, topic, notices: renamed ? [{ kind: 'renamed', name }] : [] };
  });
  tellChange(chat.bus, done);
  return done.conversation;
}
