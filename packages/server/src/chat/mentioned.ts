import { id, type Message, type User } from '@carpenter/protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import { mentioningPage } from '../store/messages.ts';
import { usersByIds } from '../store/users.ts';
import type { Chat } from './chat.ts';
import { placeAt, readCursor, writeCursor } from './cursor.ts';

const place = z.object({ at: placeAt, id });

/** Messages in my conversations that mention me, latest first. @throws {Refusal} cursor.invalid */
export async function listMentions(
  { store: { db } }: Chat,
  actor: Actor,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ messages: Message[]; users: User[]; next?: string }> {
  const { messages, next } = await mentioningPage(db, actor.userId, readCursor(cursor, place), limit);
  return {
    messages,
    users: await usersByIds(db, [...new Set(messages.map(({ sender }) => sender))]),
    ...(next && { next: writeCursor(next) }),
  };
}
