import { api } from '@carpenter/protocol';
import type { Chat } from '../chat/chat.ts';
import { readChanges, readHeads } from '../chat/sync.ts';
import { type Endpoint, on } from './endpoint.ts';

export const syncRoutes = (chat: Chat): Endpoint[] => [
  on(api.changes, async ({ actor, params, query }) => ({
    status: 200,
    body: await readChanges(chat, actor, params.id, query.since, query.limit),
  })),
  on(api.heads, async ({ actor, query }) => ({ status: 200, body: await readHeads(chat, actor, query.at) })),
];
