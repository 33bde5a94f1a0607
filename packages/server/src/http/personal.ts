import { api } from '@carpenter/protocol';
import { listBookmarks, removeBookmark, setBookmark } from '../chat/bookmarks.ts';
import type { Chat } from '../chat/chat.ts';
import { keepDraft, listDrafts } from '../chat/drafts.ts';
import { listScheduled, reschedule, schedule, withdraw } from '../chat/scheduled.ts';
import { clearStatus, setStatus } from '../chat/status.ts';
import { type Endpoint, on } from './endpoint.ts';

export const personalRoutes = (chat: Chat): Endpoint[] => [
  on(api.setStatus, async ({ actor, body }) => ({ status: 200, body: await setStatus(chat, actor, body) })),
  on(api.clearStatus, async ({ actor }) => ({ status: 200, body: await clearStatus(chat, actor) })),
  on(api.drafts, async ({ actor, query }) => ({ status: 200, body: await listDrafts(chat, actor, query) })),
  on(api.keepDraft, async ({ actor, params, body }) => ({
    status: 200,
    body: await keepDraft(chat, actor, params.id, body),
  })),
  on(api.bookmarks, async ({ actor, query }) => ({ status: 200, body: await listBookmarks(chat, actor, query) })),
  on(api.bookmark, async ({ actor, params, body }) => ({
    status: 200,
    body: await setBookmark(chat, actor, params.id, params.seq, body),
  })),
  on(api.removeBookmark, async ({ actor, params }) => {
    await removeBookmark(chat, actor, params.id, params.seq);
    return { status: 204 };
  }),
  on(api.scheduled, async ({ actor, query }) => ({ status: 200, body: await listScheduled(chat, actor, query) })),
  on(api.schedule, async ({ actor, params, body }) => ({
    status: 201,
    body: await schedule(chat, actor, params.id, body),
  })),
  on(api.reschedule, async ({ actor, params, body }) => ({
    status: 200,
    body: await reschedule(chat, actor, params.id, body),
  })),
  on(api.withdraw, async ({ actor, params }) => {
    await withdraw(chat, actor, params.id);
    return { status: 204 };
  }),
];
