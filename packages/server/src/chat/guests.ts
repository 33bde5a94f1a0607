import { refuse } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { isGuest } from '../store/guests.ts';
import type { Chat } from './chat.ts';

/** Guests of the server come into conversations by invitation only. @throws {Refusal} guest.not_allowed */
export async function mustBeNoGuest({ store }: Chat, actor: Actor): Promise<void> {
  if (await isGuest(store.db, actor.userId)) refuse('guest.not_allowed', {});
}
