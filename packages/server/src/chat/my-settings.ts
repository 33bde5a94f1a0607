import { type Id, type MySettings, refuse } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { type SettingsPatch, updateSettings } from '../store/my-settings.ts';
import type { Chat } from './chat.ts';

/** How I keep a conversation, on all my devices from now on. @throws {Refusal} conversation.unknown */
export async function changeMySettings(
  { store, bus }: Chat,
  actor: Actor,
  conversationId: Id,
  patch: SettingsPatch,
): Promise<MySettings> {
  const settings = await updateSettings(store.db, conversationId, actor.userId, patch);
  if (!settings) refuse('conversation.unknown', {});
  bus.publish({
    to: 'users',
    userIds: [actor.userId],
    event: { type: 'conversation.mine', conversationId, settings },
  });
  return settings;
}
