import { type ConversationState, fixed, type Id, type User } from '@carpenter/protocol';
import type { Bus } from '../bus/bus.ts';
import type { Connection } from '../store/database.ts';
import { stateOf } from '../store/states.ts';
import { usersByIds } from '../store/users.ts';
import type { Actor } from './chat.ts';
import { peopleIn } from './people-in.ts';

/** What whoever comes into a conversation is told of it. */
export interface Added {
  readonly by: Id;
  readonly userIds: readonly Id[];
  /** The row of the one who added them. */
  readonly state: ConversationState;
  readonly users: readonly User[];
}

/** Read in the transaction that adds them, so that nothing has to be waited for between its commit and the telling. */
export async function readAdded(
  tx: Connection,
  actor: Actor,
  conversationId: Id,
  userIds: readonly Id[],
): Promise<Added> {
  const found = await stateOf(tx, actor.userId, fixed.unreadMax, conversationId);
  if (!found) throw new Error('whoever adds somebody is in the conversation, and is not');
  const users = await usersByIds(tx, [...peopleIn([found.state]).add(actor.userId)]);
  return { by: actor.userId, userIds, state: found.state, users };
}

/** From now on these people hear the conversation, beginning with its row for their list. */
export function tellAdded(bus: Bus, { by, userIds, state, users }: Added): void {
  const { conversation, rev, lastSeq } = state;
  bus.publish({ to: 'hub', change: 'members.added', conversationId: conversation.id, userIds });
  const fresh = { role: 'member' as const, readSeq: lastSeq, deliveredSeq: lastSeq, unread: 0 };
  const event = { type: 'conversation.added' as const, conversationId: conversation.id, rev, users: [...users] };
  const others = userIds.filter(userId => userId !== by);
  bus.publish({ to: 'users', userIds: others, event: { ...event, state: { ...state, mine: fresh } } });
  if (others.length < userIds.length) bus.publish({ to: 'users', userIds: [by], event: { ...event, state } });
}
