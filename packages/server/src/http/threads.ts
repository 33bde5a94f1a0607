import { api } from '@carpenter/protocol';
import type { Chat } from '../chat/chat.ts';
import { followThread, listThreads, openThread, unfollowThread } from '../chat/threads.ts';
import { type Endpoint, on } from './endpoint.ts';

export const threadRoutes = (chat: Chat): Endpoint[] => [
  on(api.thread, async ({ actor, params }) => {
    const { created, detail } = await openThread(chat, actor, params.id, params.seq);
    return { status: created ? 201 : 200, body: detail };
  }),
  on(api.threads, async ({ actor, query }) => ({ status: 200, body: await listThreads(chat, actor, query) })),
  on(api.follow, async ({ actor, params }) => {
    await followThread(chat, actor, params.id);
    return { status: 204 };
  }),
  on(api.unfollow, async ({ actor, params }) => {
    await unfollowThread(chat, actor, params.id);
    return { status: 204 };
  }),
];
