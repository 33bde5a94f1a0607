import {
  type Conversation,
  type Id,
  id,
  type Member,
  type MemberRole,
  mayAppoint,
  mayRemove,
  refuse,
  type SystemEvent,
  type User,
} from '@carpenter/protocol';
import type pg from 'pg';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import { record } from '../store/audit.ts';
import {
  countOwners,
  deleteMember,
  insertMembers,
  isMember,
  membersAfter,
  noteRemoval,
  roleOf,
  setRole,
} from '../store/members.ts';
import { usersByIds } from '../store/users.ts';
import { changeGroup, tellChange } from './change-group.ts';
import type { Chat } from './chat.ts';
import { checkUsers } from './conversations.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { mustHaveRoom } from './room-left.ts';

const place = z.object({ after: id });

/** @throws {Refusal} conversation.unknown, cursor.invalid */
export async function listMembers(
  { store }: Chat,
  actor: Actor,
  conversationId: Id,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ members: Member[]; users: User[]; next?: string }> {
  if (!(await isMember(store.db, conversationId, actor.userId))) refuse('conversation.unknown', {});
  const after = readCursor(cursor, place);
  const found = await membersAfter(store.db, conversationId, after?.after, limit + 1, actor.userId);
  const members = found.slice(0, limit);
  const last = members.at(-1);
  return {
    members,
    users: await usersByIds(
      store.db,
      members.map(member => member.userId),
    ),
    ...(found.length > limit && last && { next: writeCursor({ after: last.userId }) }),
  };
}

/**
 * Adds people to a group; who is in it already stays as they are.
 * @throws {Refusal} conversation.unknown, conversation.is_direct, conversation.full, user.unknown, user.full, rate.exceeded
 */
export async function addMembers(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  userIds: readonly Id[],
): Promise<Conversation> {
  await chat.allowances.spend('add', actor.userId, userIds.length);
  await checkUsers(chat, actor, userIds);
  const done = await changeGroup(chat, actor, conversationId, 'add', async (tx, group) => {
    return bringIn(chat, tx, actor, group, new Map(userIds.map(userId => [userId, 'member'])));
  });
  tellChange(chat.bus, done);
  return done.conversation;
}

/** Those of them who are not in it yet come into it. @throws {Refusal} conversation.full, conversation.too_many, user.full */
export async function bringIn(
  chat: Chat,
  tx: pg.ClientBase,
  actor: Pick<Actor, 'userId'>,
  group: Conversation,
  members: ReadonlyMap<Id, MemberRole>,
): Promise<{ added: ReadonlyMap<Id, MemberRole>; notices: SystemEvent[] } | false> {
  const added = await insertMembers(tx, group.id, members);
  const { groupMaxMembers: maxMembers } = chat.limits;
  const limited = !group.everybody && group.visibility !== 'public';
  if (limited && group.memberCount + added.size > maxMembers) refuse('conversation.full', { maxMembers });
  await mustHaveRoom(tx, actor, added.keys());
  return added.size > 0 && { added, notices: [...added.keys()].map(userId => ({ kind: 'joined', userId })) };
}

/** @throws {Refusal} conversation.unknown, conversation.is_direct, conversation.last_owner, member.unknown, member.not_allowed */
export async function setMemberRole(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  userId: Id,
  role: MemberRole,
): Promise<Conversation> {
  const done = await changeGroup(chat, actor, conversationId, 'appoint', async (tx, _group, own) => {
    const present = await roleOf(tx, conversationId, userId);
    if (!present) refuse('member.unknown', {});
    if (present === role) return false;
    if (!mayAppoint(own, present, role)) refuse('member.not_allowed', {});
    await setRole(tx, conversationId, userId, role);
    if ((await countOwners(tx, conversationId)) === 0) refuse('conversation.last_owner', {});
    await record(tx, 'member.role_changed', actor, { userId, conversationId }, { from: present, to: role });
    return {};
  });
  tellChange(chat.bus, done);
  return done.conversation;
}

/** @throws {Refusal} conversation.unknown, conversation.is_direct, conversation.last_owner, member.unknown, member.not_allowed */
export async function removeMember(chat: Chat, actor: Actor, conversationId: Id, userId: Id): Promise<void> {
  if (userId === actor.userId) return leaveConversation(chat, actor, conversationId);
  const done = await changeGroup(chat, actor, conversationId, 'remove', async (tx, _group, role) => {
    const target = await roleOf(tx, conversationId, userId);
    if (!target) refuse('member.unknown', {});
    if (!mayRemove(role, target)) refuse('member.not_allowed', {});
    await deleteMember(tx, conversationId, userId);
    await noteRemoval(tx, conversationId, userId);
    await record(tx, 'member.removed', actor, { userId, conversationId }, { role: target });
    return { removed: userId, notices: [{ kind: 'removed', userId }] };
  });
  tellChange(chat.bus, done);
}

/** @throws {Refusal} conversation.unknown, conversation.is_direct, conversation.last_owner */
export async function leaveConversation(chat: Chat, actor: Actor, conversationId: Id): Promise<void> {
  const { userId } = actor;
  const done = await changeGroup(chat, actor, conversationId, undefined, async (tx, group) => {
    await deleteMember(tx, conversationId, userId);
    if (group.memberCount > 1 && (await countOwners(tx, conversationId)) === 0) refuse('conversation.last_owner', {});
    return { removed: userId, notices: [{ kind: 'left', userId }] };
  });
  tellChange(chat.bus, done);
}
