import { api } from '@carpenter/protocol';
import { deleteMessage, editMessage, readEditHistory } from '../chat/change-message.ts';
import type { Chat } from '../chat/chat.ts';
import { readHistory, readMessage } from '../chat/history.ts';
import { sendMessage } from '../chat/send-message.ts';
import { type Endpoint, on } from './endpoint.ts';

export const messageRoutes = (chat: Chat): Endpoint[] => [
  on(api.messages, async ({ actor, params, query }) => ({
    status: 200,
    body: await readHistory(chat, actor, params.id, query),
  })),
  on(api.sendMessage, async ({ actor, params, body }) => {
    const sent = await sendMessage(chat, actor, params.id, body);
    return { status: sent.duplicate ? 200 : 201, body: sent };
  }),
  on(api.message, async ({ actor, params }) => ({
    status: 200,
    body: await readMessage(chat, actor, params.id, params.seq),
  })),
  on(api.editMessage, async ({ actor, params, body }) => {
    const { message } = await editMessage(chat, actor, params.id, params.seq, body.text);
    return { status: 200, body: message };
  }),
  on(api.editHistory, async ({ actor, params, query }) => ({
    status: 200,
    body: await readEditHistory(chat, actor, params.id, params.seq, query),
  })),
  on(api.deleteMessage, async ({ actor, params }) => {
    const { message } = await deleteMessage(chat, actor, params.id, params.seq);
    return { status: 200, body: message };
  }),
];
