import type { Id } from '@carpenter/protocol';
import type { Bus } from '../bus/bus.ts';
import type { Connection } from '../store/database.ts';
import { type Head, settledHeads } from '../store/heads.ts';
import { membersAmong } from '../store/members.ts';
import { stateOf } from '../store/states.ts';
import { threadsAmong } from '../store/threads.ts';
import { usersByIds } from '../store/users.ts';
import { peopleIn } from './people-in.ts';

/** Who is connected, and what they hear. */
export interface Listeners {
  people(): readonly Id[];
  /** Those who hear it as its members. */
  of(conversationId: Id): ReadonlySet<Id>;
  /** What one of them hears. */
  heardBy(userId: Id): ReadonlySet<Id>;
}

/**
 * What was asked for while the answer of the database was lost may have been done, and nobody was told of it: somebody was taken out
 * and must hear nothing any more, somebody came in, something was written. Here all three are told as they stand now. Runs in the
 * lane of these conversations, so that none of it changes meanwhile.
 * @throws where somebody holds one of them for long
 */
export async function tellSettled(
  { bus, listeners }: { readonly bus: Bus; readonly listeners: Listeners },
  tx: Connection,
  conversationIds: readonly Id[],
): Promise<void> {
  const heads = new Map((await settledHeads(tx, conversationIds)).map(head => [head.conversationId, head]));
  for (const conversationId of conversationIds) {
    const head = heads.get(conversationId) ?? { conversationId, rev: 0, lastSeq: 0 }; // deleted, and swept
    const members = await membersAmong(tx, conversationId, listeners.people());
    const hearing = listeners.of(conversationId);
    for (const userId of hearing) if (!members.has(userId)) await tellOut(bus, listeners, tx, conversationId, userId);
    for (const userId of members) if (!hearing.has(userId)) await tellIn(bus, tx, head, userId);
    // whoever is connected compares, and asks for what they have not
    bus.publish({ to: 'conversation', conversationId, event: { type: 'activity', ...head } });
  }
}

async function tellOut(bus: Bus, listeners: Listeners, tx: Connection, conversationId: Id, userId: Id): Promise<void> {
  const threads = await threadsAmong(tx, conversationId, [...listeners.heardBy(userId)]);
  for (const id of [conversationId, ...threads]) {
    bus.publish({ to: 'hub', change: 'member.removed', conversationId: id, userId });
  }
  // how far it has come since is nothing that they may know
  bus.publish({ to: 'users', userIds: [userId], event: { type: 'conversation.removed', conversationId, rev: 0 } });
}

async function tellIn(bus: Bus, tx: Connection, { conversationId, rev }: Head, userId: Id): Promise<void> {
  const found = await stateOf(tx, userId, conversationId);
  if (!found) return; // a thread of a conversation that was deleted
  const { state } = found;
  const users = await usersByIds(tx, [...peopleIn([state])]);
  bus.publish({ to: 'hub', change: 'members.added', conversationId, userIds: [userId] });
  const event = { type: 'conversation.added' as const, conversationId, rev, state, users };
  bus.publish({ to: 'users', userIds: [userId], event });
}
