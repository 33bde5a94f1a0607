import { type Id, id, refuse, time, type Unsent } from '@carpenter/protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import { draftsAfter, writeDraft } from '../store/drafts.ts';
import { mayRead } from '../store/members.ts';
import { withinChars } from '../store/within-chars.ts';
import type { Chat } from './chat.ts';
import { readCursor, writeCursor } from './cursor.ts';

const place = z.object({ at: time, id });

/** What I have written and not sent, latest first. @throws {Refusal} cursor.invalid */
export async function listDrafts(
  { store }: Chat,
  actor: Actor,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ drafts: Unsent[]; next?: string }> {
  const found = await draftsAfter(store.db, actor.userId, readCursor(cursor, place), limit + 1);
  const drafts = withinChars(found.slice(0, limit));
  const last = drafts.at(-1);
  if (found.length <= drafts.length || !last) return { drafts };
  return { drafts, next: writeCursor({ at: last.writtenAt, id: last.conversationId }) };
}

/**
 * Keeps what is written, unless something written later is there already. Told to all my devices.
 * @returns what counts now
 * @throws {Refusal} conversation.unknown
 */
export async function keepDraft(
  { store, bus }: Chat,
  actor: Actor,
  conversationId: Id,
  written: Omit<Unsent, 'conversationId'>,
): Promise<Unsent> {
  if (!(await mayRead(store.db, conversationId, actor.userId))) refuse('conversation.unknown', {});
  const { attachments, ...rest } = written;
  const files = attachments && attachments.length > 0 && { attachments };
  const { draft, changed } = await writeDraft(store.db, actor.userId, { conversationId, ...rest, ...files });
  if (changed) bus.publish({ to: 'users', userIds: [actor.userId], event: { type: 'draft.updated', draft } });
  return draft;
}
