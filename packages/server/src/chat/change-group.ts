import {
  type Conversation,
  fixed,
  type Id,
  type MemberRole,
  type Message,
  refuse,
  type SystemEvent,
} from '@carpenter/protocol';
import type pg from 'pg';
import { conversationById, lockHead, touchConversation } from '../store/conversations.ts';
import { roleOf } from '../store/members.ts';
import { addSystemMessage, nextRev } from '../store/messages.ts';
import type { Actor, Chat } from './chat.ts';
import { type Act, mayDo } from './roles.ts';
import { about } from './sync.ts';

interface Change {
  readonly name?: string | undefined;
  readonly topic?: string | undefined;
  /** How many more members there are. */
  readonly joined?: number;
  /** Lines for the log. Comings and goings are written in small rooms only. */
  readonly notices?: readonly SystemEvent[];
}
/** What to do in the transaction. @returns what changes; false: nothing */
type Work = (tx: pg.ClientBase, group: Conversation, role: MemberRole) => Promise<Change | false>;

export interface GroupChange {
  readonly conversation: Conversation;
  readonly rev: number;
  readonly changed: boolean;
  readonly notices: readonly Message[];
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
    if (!change) return { conversation: present, rev: head.rev, changed: false, notices: [] };
    const rev = await nextRev(tx, conversationId);
    const conversation = await touchConversation(tx, conversationId, rev, change);
    const small = conversation.memberCount <= fixed.smallRoom;
    const notices: Message[] = [];
    for (const notice of change.notices ?? []) {
      if (small || notice.kind === 'renamed') {
        notices.push(await addSystemMessage(tx, conversationId, actor.userId, notice));
      }
    }
    return { conversation, rev, changed: true, notices };
  });
}

/** Tells the room, after the commit. */
export async function tellChange(chat: Chat, { conversation, rev, changed, notices }: GroupChange): Promise<void> {
  if (!changed) return;
  const { id: conversationId } = conversation;
  const event = { type: 'conversation.updated' as const, conversationId, rev, ...(await about(chat, conversation)) };
  chat.bus.publish({ to: 'conversation', conversationId, event });
  for (const message of notices) {
    const created = { type: 'message.created' as const, conversationId, rev: message.rev, message };
    chat.bus.publish({ to: 'conversation', conversationId, event: created });
  }
}
