import { type Id, refuse } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { blockedBy, deleteBlock, insertBlock } from '../store/blocks.ts';
import type { Chat } from './chat.ts';
import { checkUsers } from './conversations.ts';

const blocksMax = 1_000;

/** Whom I have blocked. */
export const readBlocks = ({ store }: Chat, actor: Actor): Promise<Id[]> => blockedBy(store.db, actor.userId);

/**
 * Mine alone: my devices hide what they write, nothing of theirs notifies me, and nothing tells them.
 * @throws {Refusal} user.unknown, block.self, block.too_many
 */
export async function block(chat: Chat, actor: Actor, userId: Id): Promise<void> {
  if (userId === actor.userId) refuse('block.self', {});
  await checkUsers(chat, actor, [userId]);
  if (!(await insertBlock(chat.store.db, actor.userId, userId, blocksMax)))
    refuse('block.too_many', { max: blocksMax });
  await tell(chat, actor);
}

export async function unblock(chat: Chat, actor: Actor, userId: Id): Promise<void> {
  await deleteBlock(chat.store.db, actor.userId, userId);
  await tell(chat, actor);
}

/** To my other devices. In order: what is read later holds what was written earlier, and must be heard later. */
const tell = (chat: Chat, actor: Actor): Promise<void> =>
  chat.inOrder.run(`${actor.userId} blocks`, readBlocks(chat, actor), async userIds =>
    chat.bus.publish({ to: 'users', userIds: [actor.userId], event: { type: 'blocks', userIds } }),
  );
