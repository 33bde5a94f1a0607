import { type CustomStatus, type Me, refuse } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { deleteStatus, takeEndedStatuses, writeStatus } from '../store/statuses.ts';
import { meById } from '../store/users.ts';
import type { Chat } from './chat.ts';
import { tellMe } from './users.ts';

type Person = Pick<Actor, 'userId' | 'username'>;

/** What I am doing, until it ends. Told to all my devices and to those who see my presence. @throws {Refusal} time.past */
export async function setStatus(chat: Chat, actor: Actor, status: CustomStatus): Promise<Me> {
  if (status.until !== undefined && Date.parse(status.until) <= Date.now()) refuse('time.past', {});
  await writeStatus(chat.store.db, actor.userId, status);
  return told(chat, actor);
}

export async function clearStatus(chat: Chat, actor: Actor): Promise<Me> {
  await deleteStatus(chat.store.db, actor.userId);
  return told(chat, actor);
}

/** Statuses that have ended are told as gone; each by one node. @returns whether there may be more */
export async function endStatuses(chat: Chat): Promise<boolean> {
  const ended = await takeEndedStatuses(chat.store.db, endedMax);
  for (const person of ended) await told(chat, person);
  return ended.length === endedMax;
}
const endedMax = 100;

async function told({ store, bus, presences }: Chat, { userId, username }: Person): Promise<Me> {
  const me = (await meById(store.db, userId)) ?? refuse('user.unknown', {});
  tellMe(bus, me);
  presences.changed(userId, username);
  return me;
}
