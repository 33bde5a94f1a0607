import { fixed, type Id, type Me, refuse, type User, username } from '@carpenter/protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import type { Bus } from '../bus/bus.ts';
import { isGuest, seenBy } from '../store/guests.ts';
import { presenceAudience } from '../store/presence.ts';
import { meById, searchUsers, type UserPatch, updateUser, usersByIds } from '../store/users.ts';
import type { Chat } from './chat.ts';
import { readCursor, writeCursor } from './cursor.ts';

const placeInList = z.object({ after: username });

/** @throws user.unknown: the account was deleted after the token was made */
export async function readMe({ store }: Chat, actor: Actor): Promise<Me> {
  return (await meById(store.db, actor.userId)) ?? refuse('user.unknown', {});
}

/**
 * Told to all my devices; what others see of it, to those who see my presence.
 * @throws {Refusal} input.invalid: too many preferences
 */
export async function updateMe(chat: Chat, actor: Actor, patch: UserPatch): Promise<Me> {
  const { store, bus, presences } = chat;
  const me = await updateUser(store.db, actor.userId, patch);
  if (!me) refuse('input.invalid', { issues: [{ path: 'preferences', message: 'At most 4 KiB together.' }] });
  tellMe(bus, me);
  const { preferences, ...profile } = patch;
  if (preferences && 'lastSeen' in preferences) presences.changed(me.id, me.username);
  if (Object.values(profile).some(value => value !== undefined)) await tellOthers(chat, me);
  return me;
}

/** What others see of somebody, to those who see their presence. */
export async function tellOthers({ store, bus }: Chat, me: Me): Promise<void> {
  const { role: _, preferences: __, status: ___, ...user } = me;
  const audience = await presenceAudience(store.db, [me.id], fixed.smallRoom);
  bus.publish({ to: 'users', userIds: audience.get(me.id) ?? [], event: { type: 'user.updated', user } });
}

/** To all devices of the person themselves. */
export const tellMe = (bus: Bus, me: Me): void =>
  bus.publish({ to: 'users', userIds: [me.id], event: { type: 'me.updated', user: me } });

/** @throws user.unknown: to guests also those whom they share no conversation with */
export async function readUser({ store }: Chat, actor: Actor, id: Id): Promise<User> {
  const [user] = await usersByIds(store.db, await seenBy(store.db, actor.userId, [id]));
  return user ?? refuse('user.unknown', {});
}

export interface UserQuery {
  readonly q?: string | undefined;
  readonly ids?: readonly Id[] | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * By id (those that exist), or by words: the beginning of a username or any part of a display name; everybody without
 * either. Guests find those whom they share a conversation with. Pages are sorted by username. @throws cursor.invalid
 */
export async function findUsers(
  { store }: Chat,
  actor: Actor,
  { q = '', ids, limit, cursor }: UserQuery,
): Promise<{ users: User[]; next?: string }> {
  if (ids) return { users: await usersByIds(store.db, await seenBy(store.db, actor.userId, ids)) };
  const words = q.trim().replace(/^@/, '').normalize('NFC');
  if (words.includes('\0') || !words.isWellFormed()) return { users: [] }; // no name holds these, PostgreSQL cannot take them
  const place = readCursor(cursor, placeInList);
  const near = (await isGuest(store.db, actor.userId)) ? actor.userId : undefined;
  const found = await searchUsers(store.db, words, place?.after ?? '', limit + 1, near);
  const users = found.slice(0, limit);
  const last = users.at(-1);
  if (found.length <= limit || !last) return { users };
  return { users, next: writeCursor({ after: last.username }) };
}
