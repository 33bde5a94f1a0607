import { type ConversationDetail, type ConversationState, type Id, id, refuse, type User } from '@carpenter/protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import { seenBy } from '../store/guests.ts';
import { presenceOf } from '../store/presence.ts';
import { stateOf, statesPage } from '../store/states.ts';
import { usersByIds } from '../store/users.ts';
import type { Chat } from './chat.ts';
import { placeAt, readCursor, writeCursor } from './cursor.ts';
import { peopleIn } from './people-in.ts';
import { about } from './sync.ts';

/** To the microsecond, as PostgreSQL counts; a day that never was is no place. */
const place = z.object({ at: placeAt, id });

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
  const { states, next } = await statesPage(chat.store.db, actor.userId, after, limit);
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
  const found = await stateOf(store.db, actor.userId, conversationId);
  if (!found) refuse('conversation.unknown', {});
  const { members } = await about(store.db, found.state.conversation, actor);
  const people = new Set([...(members ?? []).map(member => member.userId), ...peopleIn([found.state])]);
  return {
    ...found.state,
    ...(members && { members }),
    users: await usersByIds(store.db, [...people]),
    // whoever is in a small room may see who is there
    presence: members ? await presenceOf(store.db, [...people]) : [],
  };
}

/** To a guest, people they share no conversation with do not exist. @throws {Refusal} user.unknown */
export async function checkUsers({ store }: Chat, actor: Actor, userIds: readonly Id[]): Promise<void> {
  const distinct = [...new Set(userIds)];
  const found = await usersByIds(store.db, await seenBy(store.db, actor.userId, distinct));
  if (found.length < distinct.length) refuse('user.unknown', {});
}
