import {
  type Conversation,
  fixed,
  type Id,
  type Member,
  type MemberRole,
  type Message,
  refuse,
  type SystemEvent,
} from '@carpenter/protocol';
import type pg from 'pg';
import type { Bus } from '../bus/bus.ts';
import { conversationById, lockHead, touchConversation } from '../store/conversations.ts';
import { roleOf } from '../store/members.ts';
import { addSystemMessage, nextRev } from '../store/messages.ts';
import { type Added, readAdded, tellAdded } from './added.ts';
import type { Actor, Chat } from './chat.ts';
import { type Act, mayDo } from './roles.ts';
import { about } from './sync.ts';

interface Change {
  readonly name?: string | undefined;
  readonly topic?: string | undefined;
  readonly added?: readonly Id[];
  readonly removed?: Id;
  /** Lines for the log. Comings and goings are written in small rooms only. */
  readonly notices?: readonly SystemEvent[];
}
/** What to do in the transaction. @returns what changes; false: nothing */
type Work = (tx: pg.ClientBase, group: Conversation, role: MemberRole) => Promise<Change | false>;

/** All that is told of it, read in its transaction: after the commit nothing is waited for, so `rev` keeps its order. */
interface Happened {
  readonly rev: number;
  readonly about: { readonly conversation: Conversation; readonly members?: Member[] };
  readonly notices: readonly Message[];
  readonly added?: Added | undefined;
  readonly removed?: Id | undefined;
}
export interface GroupChange {
  readonly conversation: Conversation;
  /** Absent: nothing changed. */
  readonly happened?: Happened;
}

/**
 * Every change of a group beside its messages, under the lock of its head: who asks, may they, do it, write it into the log.
 * @throws {Refusal} conversation.unknown, conversation.is_direct, member.not_allowed, storage_unavailable, what `work` throws
 */
export function changeGroup(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  act: Act | undefined,
  work: Work,
): Promise<GroupChange> {
  return chat.store.turn(conversationId, async tx => {
    const head = await lockHead(tx, conversationId);
    const role = await roleOf(tx, conversationId, actor.userId);
    const present = await conversationById(tx, conversationId);
    if (!head || !role || !present) refuse('conversation.unknown', {});
    if (present.type === 'direct') refuse('conversation.is_direct', {});
    if (act && !mayDo(role, act)) refuse('member.not_allowed', {});
    const change = await work(tx, present, role);
    if (!change) return { conversation: present };
    const { name, topic, added = [], removed } = change;
    const rev = await nextRev(tx, conversationId);
    const joined = added.length - (removed ? 1 : 0);
    const conversation = await touchConversation(tx, conversationId, rev, { name, topic, joined });
    const small = conversation.memberCount <= fixed.smallRoom;
    const notices: Message[] = [];
    for (const notice of change.notices ?? []) {
      if (small || notice.kind === 'renamed') {
        notices.push(await addSystemMessage(tx, conversationId, actor.userId, notice));
      }
    }
    const happened = {
      rev,
      about: await about(tx, conversation),
      notices,
      added: added.length > 0 ? await readAdded(tx, actor, conversationId, added) : undefined,
      removed,
    };
    return { conversation, happened };
  });
}

/**
 * Tells the room, after the commit. First the hub learns who hears from now on and who no more: nothing of what follows reaches
 * somebody who is out.
 */
export function tellChange(bus: Bus, { conversation, happened }: GroupChange): void {
  if (!happened) return;
  const { id: conversationId } = conversation;
  const { rev, about, notices, added, removed } = happened;
  if (added) tellAdded(bus, added);
  if (removed) {
    bus.publish({ to: 'hub', change: 'member.removed', conversationId, userId: removed });
    bus.publish({ to: 'users', userIds: [removed], event: { type: 'conversation.removed', conversationId, rev } });
  }
  const event = { type: 'conversation.updated' as const, conversationId, rev, ...about };
  bus.publish({ to: 'conversation', conversationId, event });
  for (const message of notices) {
    const created = { type: 'message.created' as const, conversationId, rev: message.rev, message };
    bus.publish({ to: 'conversation', conversationId, event: created });
  }
}
