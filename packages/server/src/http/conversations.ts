import { api } from '@carpenter/protocol';
import { beginDirect, beginRoom } from '../chat/begin.ts';
import { findChannels, joinChannel } from '../chat/channels.ts';
import type { Chat } from '../chat/chat.ts';
import { listConversations, readConversation } from '../chat/conversations.ts';
import { deleteConversation } from '../chat/delete-conversation.ts';
import { changeMySettings } from '../chat/my-settings.ts';
import { updateConversation } from '../chat/update-conversation.ts';
import { type Endpoint, on } from './endpoint.ts';

export const conversationRoutes = (chat: Chat): Endpoint[] => [
  on(api.conversations, async ({ actor, query }) => ({
    status: 200,
    body: await listConversations(chat, actor, query),
  })),
  on(api.createConversation, async ({ actor, body }) => {
    const { created, detail } =
      body.type === 'direct' ? await beginDirect(chat, actor, body.userId) : await beginRoom(chat, actor, body);
    return { status: created ? 201 : 200, body: detail };
  }),
  on(api.conversation, async ({ actor, params }) => ({
    status: 200,
    body: await readConversation(chat, actor, params.id),
  })),
  on(api.updateConversation, async ({ actor, params, body }) => ({
    status: 200,
    body: await updateConversation(chat, actor, params.id, body),
  })),
  on(api.deleteConversation, async ({ actor, params }) => {
    await deleteConversation(chat, actor, params.id);
    return { status: 204 };
  }),
  on(api.updateMine, async ({ actor, params, body }) => ({
    status: 200,
    body: await changeMySettings(chat, actor, params.id, body),
  })),
  on(api.channels, async ({ actor, query }) => ({ status: 200, body: await findChannels(chat, actor, query) })),
  on(api.join, async ({ actor, params }) => ({ status: 200, body: await joinChannel(chat, actor, params.id) })),
];
