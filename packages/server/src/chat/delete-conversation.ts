import { type Id, mayDo, refuse } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { record } from '../store/audit.ts';
import { conversationById, lockHead, markDeleted } from '../store/conversations.ts';
import { addJob } from '../store/jobs.ts';
import { deleteAllMembers, roleOf } from '../store/members.ts';
import { sweepJob } from '../store/sweep.ts';
import type { Chat } from './chat.ts';

/**
 * Deletes a group or channel for everybody: at once nobody is in it, so no door shows anything of it; what it held is swept
 * afterwards (store/sweep.ts).
 * @throws {Refusal} conversation.unknown, conversation.is_direct, member.not_allowed
 */
export async function deleteConversation(chat: Chat, actor: Actor, conversationId: Id): Promise<void> {
  const { rev, members, threads } = await chat.store.turn(actor.userId, [conversationId], async tx => {
    const head = await lockHead(tx, conversationId);
    const role = await roleOf(tx, conversationId, actor.userId);
    const present = await conversationById(tx, conversationId);
    if (!head || !role || !present) refuse('conversation.unknown', {});
    if (present.type === 'direct') refuse('conversation.is_direct', {});
    if (present.type === 'thread') refuse('conversation.is_thread', {});
    if (!mayDo(role, 'destroy')) refuse('member.not_allowed', {});
    await markDeleted(tx, conversationId);
    await addJob(tx, sweepJob, {}, { key: sweepJob });
    const out = await deleteAllMembers(tx, conversationId);
    await record(tx, 'conversation.deleted', actor, { conversationId }, { members: out.members.length });
    return { rev: head.rev + 1, ...out };
  });
  chat.bus.publish({ to: 'hub', change: 'conversations.deleted', conversationIds: [conversationId, ...threads] });
  chat.bus.publish({ to: 'users', userIds: members, event: { type: 'conversation.removed', conversationId, rev } });
}
