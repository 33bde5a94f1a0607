import type { ConversationState, Id, MemberRole, User } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import type { Bus } from '../bus/bus.ts';
import type { Connection } from '../store/database.ts';
import { stateOf } from '../store/states.ts';
import { usersByIds } from '../store/users.ts';
import { peopleIn } from './people-in.ts';

/** What whoever comes into a conversation is told of it. */
export interface Added {
  readonly by: Id;
  /** Who, and as what. */
  readonly members: ReadonlyMap<Id, MemberRole>;
  /** The row of the one who added them. */
  readonly state: ConversationState;
  readonly users: readonly User[];
}

/** Read in the transaction that adds them, so that nothing has to be waited for between its commit and the telling. */
export async function readAdded(
  tx: Connection,
  actor: Pick<Actor, 'userId'>,
  conversationId: Id,
  members: ReadonlyMap<Id, MemberRole>,
): Promise<Added> {
  const found = await stateOf(tx, actor.userId, conversationId);
  if (!found) throw new Error('whoever adds somebody is in the conversation, and is not');
  const users = await usersByIds(tx, [...peopleIn([found.state]).add(actor.userId)]);
  return { by: actor.userId, members, state: found.state, users };
}

/** From now on these people hear the conversation, beginning with its row for their list. */
export function tellAdded(bus: Bus, { by, members, state, users }: Added): void {
  const { conversation, rev, lastSeq } = state;
  bus.publish({ to: 'hub', change: 'members.added', conversationId: conversation.id, userIds: [...members.keys()] });
  const event = { type: 'conversation.added' as const, conversationId: conversation.id, rev, users: [...users] };
  const others = [...members].filter(([userId]) => userId !== by);
  for (const [role, those] of Map.groupBy(others, ([, role]) => role)) {
    const fresh = { role, readSeq: lastSeq, deliveredSeq: lastSeq, unread: 0, mentions: 0 };
    const mine = conversation.type === 'thread' ? { ...fresh, following: true } : fresh;
    const userIds = those.map(([userId]) => userId);
    bus.publish({ to: 'users', userIds, event: { ...event, state: { ...state, mine } } });
  }
  if (members.has(by)) bus.publish({ to: 'users', userIds: [by], event: { ...event, state } });
}
