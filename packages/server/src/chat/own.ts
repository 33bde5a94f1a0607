import type { Id, Message, Owns } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { ownAt } from '../store/reactions.ts';
import type { Chat } from './chat.ts';

/** What is mine at these messages, where there can be something: it travels beside what serves all readers. */
export async function ownBeside(
  { store }: Pick<Chat, 'store'>,
  { userId }: Actor,
  conversationId: Id,
  messages: readonly Message[],
): Promise<{ own?: Owns }> {
  const seqs = messages.filter(({ reactions, poll }) => reactions || poll).map(({ seq }) => seq);
  return seqs.length > 0 ? { own: await ownAt(store.db, conversationId, userId, seqs) } : {};
}
