import {
  type Act,
  type Conversation,
  fixed,
  type Id,
  type Member,
  type MemberRole,
  type Message,
  may,
  mayDo,
  refuse,
  type SystemEvent,
} from '@carpenter/protocol';
import type pg from 'pg';
import type { Actor } from '../auth/actor.ts';
import type { Bus } from '../bus/bus.ts';
import {
  type ConversationChange,
  conversationById,
  isNameTaken,
  lockHead,
  setWriters,
  touchConversation,
} from '../store/conversations.ts';
import { roleOf } from '../store/members.ts';
import { addSystemMessage, nextRev } from '../store/messages.ts';
import { deleteFollowerOfAll } from '../store/threads.ts';
import { type Added, readAdded, tellAdded } from './added.ts';
import type { Chat } from './chat.ts';
import { about } from './sync.ts';

interface Change extends Omit<ConversationChange, 'joined'> {
  readonly added?: ReadonlyMap<Id, MemberRole>;
  readonly removed?: Id;
  /** Lines for the log. Comings and goings are written in small rooms only. */
  readonly notices?: readonly SystemEvent[];
}
/** What to do in the transaction. @returns what changes; false: nothing */
type Work<R> = (tx: pg.ClientBase, group: Conversation, role: R) => Promise<Change | false>;
/** Who may do it: by role, or by rules of its own for those who come in. @throws {Refusal} */
type Judge<R> = (group: Conversation, role: MemberRole | undefined) => R;

/** All that is told of it, read in its transaction: after the commit nothing is waited for, so `rev` keeps its order. */
interface Happened {
  readonly rev: number;
  readonly about: { readonly conversation: Conversation; readonly members?: Member[] };
  readonly notices: readonly Message[];
  readonly added?: Added | undefined;
  readonly removed?: Id | undefined;
  /** Threads that whoever was removed followed. */
  readonly unfollowed: readonly Id[];
}
export interface GroupChange {
  readonly conversation: Conversation;
  /** Absent: nothing changed. */
  readonly happened?: Happened;
}

/**
 * Every change of a group or channel beside its messages, under the lock of its head: who asks, may they, do it, write it into
 * the log.
 * @param act  what the role must allow; undefined: every member may
 * @throws {Refusal} conversation.unknown, conversation.is_direct, conversation.is_thread, conversation.archived,
 *   conversation.name_taken, member.not_allowed, storage_unavailable, what `work` throws
 */
export const changeGroup = (
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  act: Act | undefined,
  work: Work<MemberRole>,
): Promise<GroupChange> =>
  changeAs(
    chat,
    actor,
    conversationId,
    (group, role) => {
      if (!role) refuse('conversation.unknown', {});
      if (group.type === 'direct') refuse('conversation.is_direct', {});
      if (group.type === 'thread') refuse('conversation.is_thread', {});
      if (act && !mayDo(role, act)) refuse('member.not_allowed', {});
      if (act && group.archivedAt && !whileArchived.has(act)) refuse('conversation.archived', {});
      return role;
    },
    work,
  );

const whileArchived: ReadonlySet<Act> = new Set(['archive', 'remove', 'appoint', 'destroy']);

/** The same for those who are not in it yet: `judge` says whether they may, and as what. */
export async function changeAs<R>(
  chat: Chat,
  actor: Pick<Actor, 'userId'>,
  conversationId: Id,
  judge: Judge<R>,
  work: Work<R>,
): Promise<GroupChange> {
  try {
    return await chat.store.turn(actor.userId, [conversationId], tx => change(tx, actor, conversationId, judge, work));
  } catch (error) {
    if (isNameTaken(error)) refuse('conversation.name_taken', {});
    throw error;
  }
}

async function change<R>(
  tx: pg.ClientBase,
  actor: Pick<Actor, 'userId'>,
  conversationId: Id,
  judge: Judge<R>,
  work: Work<R>,
): Promise<GroupChange> {
  const head = await lockHead(tx, conversationId);
  const role = await roleOf(tx, conversationId, actor.userId);
  const present = await conversationById(tx, conversationId);
  if (!head || !present) refuse('conversation.unknown', {});
  const found = await work(tx, present, judge(present, role));
  if (!found) return { conversation: present };
  const { added, removed, notices: lines = [], ...fields } = found;
  const rev = await nextRev(tx, conversationId);
  const joined = (added?.size ?? 0) - (removed ? 1 : 0);
  const conversation = await touchConversation(tx, conversationId, rev, { ...fields, joined });
  if (fields.writers !== undefined || fields.archived !== undefined) {
    const { archivedAt, writers } = conversation;
    const roles = archivedAt ? [] : writers ? may['write.restricted'] : null;
    await setWriters(tx, conversationId, roles, archivedAt ? [] : null);
  }
  const small = conversation.memberCount <= fixed.smallRoom;
  const notices: Message[] = [];
  for (const line of lines) {
    const comings = line.kind === 'joined' || line.kind === 'left' || line.kind === 'removed';
    if (small || !comings) notices.push(await addSystemMessage(tx, conversationId, actor.userId, line));
  }
  const happened = {
    rev,
    about: await about(tx, conversation),
    notices,
    added: added && added.size > 0 ? await readAdded(tx, actor, conversationId, added) : undefined,
    removed,
    unfollowed: removed ? await deleteFollowerOfAll(tx, conversationId, removed) : [],
  };
  return { conversation, happened };
}

/**
 * Tells the room, after the commit. First the hub learns who hears from now on and who no more: nothing of what follows reaches
 * somebody who is out.
 */
export function tellChange(bus: Bus, { conversation, happened }: GroupChange): void {
  if (!happened) return;
  const { id: conversationId } = conversation;
  const { rev, about, notices, added, removed, unfollowed } = happened;
  if (added) tellAdded(bus, added);
  if (removed) {
    for (const id of [conversationId, ...unfollowed]) {
      bus.publish({ to: 'hub', change: 'member.removed', conversationId: id, userId: removed });
    }
    bus.publish({ to: 'users', userIds: [removed], event: { type: 'conversation.removed', conversationId, rev } });
  }
  const event = { type: 'conversation.updated' as const, conversationId, rev, ...about };
  bus.publish({ to: 'conversation', conversationId, event });
  for (const message of notices) {
    const created = { type: 'message.created' as const, conversationId, rev: message.rev, message };
    bus.publish({ to: 'conversation', conversationId, event: created });
  }
}
