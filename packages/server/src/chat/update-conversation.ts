import {
  type Act,
  type Conversation,
  type Id,
  mayDo,
  refuse,
  type SystemEvent,
  type Visibility,
} from '@carpenter/protocol';
import { changeGroup, tellChange } from './change-group.ts';
import type { Actor, Chat } from './chat.ts';

export interface ConversationPatch {
  readonly name?: string | undefined;
  readonly topic?: string | undefined;
  readonly visibility?: Visibility | undefined;
  readonly writers?: 'everybody' | 'moderators' | undefined;
  readonly archived?: boolean | undefined;
}

/**
 * Changes a group or channel. What is so already changes nothing and raises no `rev`.
 * @throws {Refusal} conversation.unknown, conversation.is_direct, conversation.not_channel, conversation.name_taken,
 *   conversation.archived, member.not_allowed
 */
export async function updateConversation(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  patch: ConversationPatch,
): Promise<Conversation> {
  const done = await changeGroup(chat, actor, conversationId, undefined, async (_tx, group, role) => {
    for (const act of actsIn(patch)) if (!mayDo(role, act)) refuse('member.not_allowed', {});
    const { name, topic, visibility, writers, archived } = patch;
    if (visibility && group.type !== 'channel') refuse('conversation.not_channel', {});
    const beside = name !== undefined || topic !== undefined || visibility || writers;
    if (beside && group.archivedAt && archived !== false) refuse('conversation.archived', {});
    const notices: SystemEvent[] = [];
    const change: ConversationPatch = {
      ...(name !== undefined && name !== group.name && { name }),
      ...(topic !== undefined && topic !== (group.topic ?? '') && { topic }),
      ...(visibility && visibility !== group.visibility && { visibility }),
      ...(writers && writers !== (group.writers ?? 'everybody') && { writers }),
      ...(archived !== undefined && archived !== (group.archivedAt !== undefined) && { archived }),
    };
    if (Object.keys(change).length === 0) return false;
    if (change.name !== undefined) notices.push({ kind: 'renamed', name: change.name });
    if (change.topic !== undefined) notices.push({ kind: 'topic', topic: change.topic });
    if (change.archived !== undefined) notices.push({ kind: change.archived ? 'archived' : 'unarchived' });
    return { ...change, notices };
  });
  tellChange(chat.bus, done);
  return done.conversation;
}

function actsIn({ name, topic, visibility, writers, archived }: ConversationPatch): Act[] {
  return [
    ...(name !== undefined || topic !== undefined ? ['rename' as const] : []),
    ...(visibility || writers ? ['configure' as const] : []),
    ...(archived !== undefined ? ['archive' as const] : []),
  ];
}
