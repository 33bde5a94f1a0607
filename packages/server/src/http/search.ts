import { api } from '@carpenter/protocol';
import type { Chat } from '../chat/chat.ts';
import { search } from '../chat/search.ts';
import { type Endpoint, on } from './endpoint.ts';

export const searchRoutes = (chat: Chat): Endpoint[] => [
  on(api.search, async ({ actor, query }) => ({ status: 200, body: await search(chat, actor, query) })),
];
