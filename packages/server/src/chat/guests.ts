import { type Id, refuse } from '@carpenter/protocol';
import { isGuest, sharesConversation } from '../store/guests.ts';
import type { Actor } from './actor.ts';
import type { Chat } from './chat.ts';

/** Guests of the server come into conversations by invitation only. @throws {Refusal} guest.not_allowed */
export async function mustBeNoGuest({ store }: Chat, actor: Actor): Promise<void> {
  if (await isGuest(store.db, actor.userId)) refuse('guest.not_allowed', {});
}

/** To a guest, people they share no conversation with do not exist. @throws {Refusal} user.unknown */
export async function mustKnow({ store }: Chat, actor: Actor, userId: Id): Promise<void> {
  if (!(await isGuest(store.db, actor.userId))) return;
  if (!(await sharesConversation(store.db, actor.userId, userId))) refuse('user.unknown', {});
}
