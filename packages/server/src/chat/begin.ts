import { type ConversationDetail, fixed, type Id, type MemberRole, refuse, type Visibility } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { v7 } from '../ids.ts';
import { directConversationId, directKey, insertConversation, type NewConversation } from '../store/conversations.ts';
import { addSystemMessage } from '../store/messages.ts';
import { readAdded, tellAdded } from './added.ts';
import type { Chat } from './chat.ts';
import { checkUsers, readConversation } from './conversations.ts';
import { mustBeNoGuest } from './guests.ts';
import { mustHaveRoom } from './room-left.ts';

export interface Begun {
  /** False: it was there before. */
  readonly created: boolean;
  readonly detail: ConversationDetail;
}

/**
 * The direct conversation with somebody; it exists once.
 * @throws {Refusal} conversation.with_self, conversation.too_many, user.unknown, user.full, rate.exceeded
 */
export async function beginDirect(chat: Chat, actor: Actor, userId: Id): Promise<Begun> {
  const { store } = chat;
  if (userId === actor.userId) refuse('conversation.with_self', {});
  const known = await directConversationId(store.db, actor.userId, userId);
  if (known) return { created: false, detail: await readConversation(chat, actor, known) };
  await chat.allowances.spend('add', actor.userId);
  await checkUsers(chat, actor, [userId]);
  const members = new Map<Id, MemberRole>([
    [actor.userId, 'member'],
    [userId, 'member'],
  ]);
  const conversationId = v7();
  const added = await store.turn(actor.userId, [conversationId], async tx => {
    const inserted = await insertConversation(tx, {
      id: conversationId,
      type: 'direct',
      directKey: directKey(actor.userId, userId),
      createdBy: actor.userId,
      members,
    });
    if (!inserted) return undefined;
    // it exists once, so that nobody can fill somebody's room with these
    await mustHaveRoom(tx, actor, inserted.keys(), fixed.conversationsMax);
    return readAdded(tx, actor, conversationId, inserted);
  });
  const created = added !== undefined;
  if (added) tellAdded(chat.bus, added);
  const present = created ? conversationId : await directConversationId(store.db, actor.userId, userId);
  if (!present) throw new Error('a direct conversation exists and cannot be found');
  return { created, detail: await readConversation(chat, actor, present) };
}

/** A group or a channel as somebody begins it. */
export type NewRoom =
  | { readonly type: 'group'; readonly name: string; readonly memberIds: readonly Id[] }
  | {
      readonly type: 'channel';
      readonly name: string;
      readonly topic?: string | undefined;
      readonly visibility: Visibility;
      readonly memberIds: readonly Id[];
    };

/**
 * A new group or channel; whoever begins it owns it.
 * @throws {Refusal} user.unknown, user.full, conversation.full, conversation.too_many, conversation.name_taken, guest.not_allowed, rate.exceeded
 */
export async function beginRoom(chat: Chat, actor: Actor, { memberIds, ...room }: NewRoom): Promise<Begun> {
  await mustBeNoGuest(chat, actor);
  const others = memberIds.filter(memberId => memberId !== actor.userId);
  const members = new Map<Id, MemberRole>(others.map(memberId => [memberId, 'member']));
  members.set(actor.userId, 'owner');
  const { groupMaxMembers: maxMembers } = chat.limits;
  if (members.size > maxMembers) refuse('conversation.full', { maxMembers });
  await chat.allowances.spend('room', actor.userId);
  await chat.allowances.spend('add', actor.userId, others.length);
  await checkUsers(chat, actor, others);
  const conversationId = await insertRoom(chat, actor, { ...room, members });
  return { created: true, detail: await readConversation(chat, actor, conversationId) };
}

/** @throws {Refusal} conversation.name_taken, conversation.too_many, user.full */
export async function insertRoom(
  chat: Chat,
  actor: Pick<Actor, 'userId'>,
  room: Omit<NewConversation, 'id' | 'createdBy'>,
): Promise<Id> {
  const conversationId = v7();
  const added = await chat.store.turn(actor.userId, [conversationId], async tx => {
    const members = await insertConversation(tx, { ...room, id: conversationId, createdBy: actor.userId });
    if (!members) refuse('conversation.name_taken', {});
    await mustHaveRoom(tx, actor, members.keys());
    await addSystemMessage(tx, conversationId, actor.userId, { kind: 'created' });
    return readAdded(tx, actor, conversationId, members);
  });
  tellAdded(chat.bus, added);
  return conversationId;
}
