import { api } from '@carpenter/protocol';
import type { Chat } from '../chat/chat.ts';
import {
  beginDirect,
  beginGroup,
  listConversations,
  readConversation,
  updateConversation,
} from '../chat/conversations.ts';
import { type Endpoint, on } from './endpoint.ts';

export const conversationRoutes = (chat: Chat): Endpoint[] => [
  on(api.conversations, async ({ actor, query }) => ({
    status: 200,
    body: await listConversations(chat, actor, query),
  })),
  on(api.createConversation, async ({ actor, body }) => {
    const { created, detail } =
      body.type === 'direct' ? await beginDirect(chat, actor, body.userId) : await beginGroup(chat, actor, body);
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
];
