import { type Client, ClientError } from '@carpenter/client';
import type { Id, Seq } from '@carpenter/protocol';
import { showToast } from '../parts/toasts.ts';
import { reason } from '../words/failures.ts';
import { words } from '../words/words.ts';

let present: Client | undefined;

/** Whose bookmarks the actions of messages are about. */
export function followBookmarks(client: Client): void {
  present = client;
}

/** As far as the list was read; the sidebar reads its beginning. */
export const isBookmarked = (conversationId: Id, seq: Seq): boolean =>
  present?.personal.toDo.get()?.items.some(one => one.conversationId === conversationId && one.seq === seq) ?? false;

export async function toggleBookmark(conversationId: Id, seq: Seq): Promise<void> {
  const personal = present?.personal;
  if (!personal) return;
  const on = !isBookmarked(conversationId, seq);
  try {
    await (on ? personal.bookmark(conversationId, seq, { done: false }) : personal.removeBookmark(conversationId, seq));
    showToast({ text: on ? words.bookmarks.added : words.bookmarks.removed });
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    showToast({ text: words.bookmarks.failed(reason(error)) });
  }
}
