import {
  type Act,
  type Conversation,
  type Id,
  mayDo,
  refuse,
  type SystemEvent,
  type Visibility,
} from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { record } from '../store/audit.ts';
import type { Connection } from '../store/database.ts';
import { attachmentsOf, useAsPicture } from '../store/media.ts';
import { changeGroup, tellChange } from './change-group.ts';
import type { Chat } from './chat.ts';

export interface ConversationPatch {
  readonly name?: string | undefined;
  readonly topic?: string | undefined;
  /** null: none any more. */
  readonly pictureId?: Id | null | undefined;
  readonly visibility?: Visibility | undefined;
  readonly writers?: 'everybody' | 'moderators' | undefined;
  readonly archived?: boolean | undefined;
}

/**
 * Changes a group or channel. What is so already changes nothing and raises no `rev`.
 * @throws {Refusal} conversation.unknown, conversation.is_direct, conversation.not_channel, conversation.name_taken,
 *   conversation.archived, member.not_allowed, media.unknown, media.not_a_picture
 */
export async function updateConversation(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  patch: ConversationPatch,
): Promise<Conversation> {
  const done = await changeGroup(chat, actor, conversationId, undefined, async (tx, group, role) => {
    for (const act of actsIn(patch)) if (!mayDo(role, act)) refuse('member.not_allowed', {});
    const { name, topic, pictureId, visibility, writers, archived } = patch;
    if (visibility && group.type !== 'channel') refuse('conversation.not_channel', {});
    const beside = name !== undefined || topic !== undefined || pictureId !== undefined || visibility || writers;
    if (beside && group.archivedAt && archived !== false) refuse('conversation.archived', {});
    const notices: SystemEvent[] = [];
    const change: ConversationPatch = {
      ...(name !== undefined && name !== group.name && { name }),
      ...(topic !== undefined && topic !== (group.topic ?? '') && { topic }),
      ...(pictureId !== undefined && pictureId !== (group.pictureId ?? null) && { pictureId }),
      ...(visibility && visibility !== group.visibility && { visibility }),
      ...(writers && writers !== (group.writers ?? 'everybody') && { writers }),
      ...(archived !== undefined && archived !== (group.archivedAt !== undefined) && { archived }),
    };
    if (Object.keys(change).length === 0) return false;
    if (change.pictureId !== undefined) await changePicture(tx, actor, conversationId, change.pictureId);
    if (change.name !== undefined) notices.push({ kind: 'renamed', name: change.name });
    if (change.topic !== undefined) notices.push({ kind: 'topic', topic: change.topic });
    if (change.archived !== undefined) notices.push({ kind: change.archived ? 'archived' : 'unarchived' });
    const { visibility: now, writers: who, archived: put } = change;
    if (now !== undefined || who !== undefined || put !== undefined) {
      const details = { visibility: now, writers: who, archived: put };
      await record(tx, 'conversation.configured', actor, { conversationId }, details);
    }
    return { ...change, notices };
  });
  tellChange(chat.bus, done);
  return done.conversation;
}

async function changePicture(tx: Connection, actor: Actor, conversationId: Id, pictureId: Id | null): Promise<void> {
  const [picture] = await attachmentsOf(tx, actor.userId, pictureId === null ? [] : [pictureId]);
  if (picture && picture.kind !== 'image') refuse('media.not_a_picture', {});
  await useAsPicture(tx, conversationId, pictureId);
}

function actsIn({ name, topic, pictureId, visibility, writers, archived }: ConversationPatch): Act[] {
  return [
    ...(name !== undefined || topic !== undefined || pictureId !== undefined ? ['rename' as const] : []),
    ...(visibility || writers ? ['configure' as const] : []),
    ...(archived !== undefined ? ['archive' as const] : []),
  ];
}
