import { type Bookmark, type Id, id, refuse, type Seq, seq, time, type User } from '@carpenter/protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import { bookmarksAfter, deleteBookmark, writeBookmark } from '../store/bookmarks.ts';
import { mayRead } from '../store/members.ts';
import { usersByIds } from '../store/users.ts';
import { withinChars } from '../store/within-chars.ts';
import type { Chat } from './chat.ts';
import { readCursor, writeCursor } from './cursor.ts';

const place = z.object({ at: time, id, seq });

/** Messages that I want to come back to: those to do, or those done, latest first. @throws {Refusal} cursor.invalid */
export async function listBookmarks(
  { store }: Chat,
  actor: Actor,
  { done, limit, cursor }: { done: boolean; limit: number; cursor?: string | undefined },
): Promise<{ bookmarks: Bookmark[]; users: User[]; next?: string }> {
  const found = await bookmarksAfter(store.db, actor.userId, done, readCursor(cursor, place), limit + 1);
  const bookmarks = withinChars(found.slice(0, limit));
  const users = await usersByIds(store.db, [...new Set(bookmarks.map(({ message }) => message.sender))]);
  const last = bookmarks.at(-1);
  if (found.length <= bookmarks.length || !last) return { bookmarks, users };
  const at = (done ? last.doneAt : undefined) ?? last.createdAt;
  return { bookmarks, users, next: writeCursor({ at, id: last.conversationId, seq: last.seq }) };
}

/** Sets it, or changes its note or whether it is done. Told to all my devices. @throws {Refusal} conversation.unknown, message.unknown */
export async function setBookmark(
  { store, bus }: Chat,
  actor: Actor,
  conversationId: Id,
  at: Seq,
  change: { note?: string | undefined; done?: boolean | undefined },
): Promise<Bookmark> {
  if (!(await mayRead(store.db, conversationId, actor.userId))) refuse('conversation.unknown', {});
  const bookmark = await writeBookmark(store.db, actor.userId, { conversationId, seq: at }, change);
  if (!bookmark) refuse('message.unknown', {});
  bus.publish({ to: 'users', userIds: [actor.userId], event: { type: 'bookmark.updated', bookmark } });
  return bookmark;
}

/** Done already where there is none. @throws {Refusal} conversation.unknown */
export async function removeBookmark({ store, bus }: Chat, actor: Actor, conversationId: Id, at: Seq): Promise<void> {
  if (!(await mayRead(store.db, conversationId, actor.userId))) refuse('conversation.unknown', {});
  if (!(await deleteBookmark(store.db, actor.userId, conversationId, at))) return;
  const event = { type: 'bookmark.removed' as const, conversationId, seq: at };
  bus.publish({ to: 'users', userIds: [actor.userId], event });
}
