import { fixed, type Id, refuse } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import type { Connection } from '../store/database.ts';
import { inMoreThan } from '../store/members.ts';
import { usersByIds } from '../store/users.ts';

/**
 * Looks at those who have just come in, in their transaction: all that one is in is heard by each of one's connections. Others bring
 * one into `byOthersMax` only, so that the rest is left for what one does oneself.
 * @throws {Refusal} conversation.too_many, user.full
 */
export async function mustHaveRoom(
  tx: Connection,
  { userId }: Pick<Actor, 'userId'>,
  come: Iterable<Id>,
  byOthersMax: number = fixed.conversationsByOthersMax,
): Promise<void> {
  const ids = [...come];
  const { conversationsMax: max } = fixed;
  if (ids.includes(userId) && (await inMoreThan(tx, max, [userId])).length > 0) {
    refuse('conversation.too_many', { max });
  }
  const others = ids.filter(one => one !== userId);
  const [full] = others.length === 0 ? [] : await inMoreThan(tx, byOthersMax, others);
  if (full === undefined) return;
  const [user] = await usersByIds(tx, [full]);
  refuse('user.full', { username: user?.username ?? full });
}
