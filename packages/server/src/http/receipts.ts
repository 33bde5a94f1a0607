import { api } from '@carpenter/protocol';
import type { Chat } from '../chat/chat.ts';
import { markDelivered, markRead, markUnread } from '../chat/receipts.ts';
import { type Endpoint, on } from './endpoint.ts';

export const receiptRoutes = (chat: Chat): Endpoint[] => [
  on(api.markRead, async ({ actor, params, body }) => {
    await markRead(chat, actor, params.id, body.seq);
    return { status: 204 };
  }),
  on(api.markDelivered, async ({ actor, params, body }) => {
    await markDelivered(chat, actor, params.id, body.seq);
    return { status: 204 };
  }),
  on(api.markUnread, async ({ actor, params, body }) => {
    await markUnread(chat, actor, params.id, body.seq);
    return { status: 204 };
  }),
];
