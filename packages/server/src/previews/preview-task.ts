import { id, previewableIn, seq } from '@carpenter/protocol';
import { z } from 'zod';
import type { Chat } from '../chat/chat.ts';
import { task } from '../jobs/jobs.ts';
import type { Media } from '../media/media.ts';
import type { Policy } from '../outside/judge.ts';
import { messageAt } from '../store/messages.ts';
import { cachedPreview, previewRefused, rememberPreview } from '../store/previews.ts';
import { lookAtPage } from './look-at-page.ts';
import { setPreview } from './set-preview.ts';

const day = 24 * 3_600;
/** A page that had nothing, or was away, is asked again sooner. */
const emptySeconds = 600;

export interface Previews {
  readonly chat: Chat;
  readonly media: Media;
  readonly policy: Policy;
  readonly publicUrl?: string | undefined;
}

/** Looks at the first page that a message links to, after the message was stored, and puts what it says under it. */
export const previewTask = (previews: Previews) =>
  task({
    name: 'preview',
    payload: z.object({ conversationId: id, seq }),
    async run({ conversationId, seq: at }) {
      const { chat } = previews;
      const { db } = chat.store;
      const message = await messageAt(db, conversationId, at);
      if (!message || message.deletedAt || (await previewRefused(db, conversationId, at))) return;
      const link = previewableIn(message.text);
      const found = link === undefined ? null : await previewOf(previews, link);
      await setPreview(chat, conversationId, at, link, found === null ? undefined : found);
    },
  });

async function previewOf({ chat, policy, media, publicUrl }: Previews, link: string) {
  if (publicUrl !== undefined && new URL(link).origin === publicUrl) return null; // links into this house say themselves where they lead
  const { db } = chat.store;
  const page = new URL(link);
  page.hash = '';
  const known = await cachedPreview(db, page.href);
  if (known !== undefined) return known && { ...known, url: link };
  const found = await lookAtPage(link, policy, media);
  await rememberPreview(db, page.href, found, found ? day : emptySeconds);
  return found;
}
