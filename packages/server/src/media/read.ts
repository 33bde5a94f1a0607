import type { Readable } from 'node:stream';
import { type Attachment, type Id, type MediaKind, mediaKind, refuse, type SentMedia, seq } from '@carpenter/protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import { readCursor, writeCursor } from '../chat/cursor.ts';
import { describeMedia, mediaIn, readableMedia } from '../store/media.ts';
import { mayRead } from '../store/members.ts';
import { BlobMissing, type Range } from './blobs.ts';
import { type Media, originalOf, thumbnailOf } from './media.ts';

/** What it is. @throws {Refusal} media.unknown: not there, or not for this person */
export async function findMedia({ db }: Media, actor: Actor, id: Id): Promise<Attachment> {
  return (await readableMedia(db, id, actor.userId)) ?? refuse('media.unknown', {});
}

/** The bytes of a file that `findMedia` gave. @throws {Refusal} media.unknown, media.store_away */
export const openOriginal = (media: Media, id: Id, range?: Range): Promise<Readable> =>
  openBlob(media, originalOf(id), range);

/** @throws {Refusal} media.unknown, media.store_away */
export const openThumbnail = (media: Media, id: Id): Promise<Readable> => openBlob(media, thumbnailOf(id));

async function openBlob({ blobs, log }: Media, key: string, range?: Range): Promise<Readable> {
  try {
    return await blobs.read(key, range);
  } catch (error) {
    if (!(error instanceof BlobMissing)) throw error;
    log.error({ err: error }, 'a file is missing');
    return refuse('media.unknown', {});
  }
}

/** @throws {Refusal} media.unknown: not mine, or a message has it, and messages do not change under their readers */
export async function changeMedia(
  { db }: Media,
  actor: Actor,
  id: Id,
  change: { name?: string | undefined; alt?: string | undefined },
): Promise<Attachment> {
  return (await describeMedia(db, id, actor.userId, change)) ?? refuse('media.unknown', {});
}

const mediaPlace = z.object({ seq, place: z.int32().min(0) });

/** Files sent in a conversation, latest first. @throws {Refusal} conversation.unknown, cursor.invalid */
export async function listMedia(
  { db }: Media,
  actor: Actor,
  conversationId: Id,
  query: { kinds: readonly MediaKind[] | undefined; cursor?: string | undefined; limit: number },
): Promise<{ media: SentMedia[]; next?: string }> {
  const after = readCursor(query.cursor, mediaPlace);
  if (!(await mayRead(db, conversationId, actor.userId))) refuse('conversation.unknown', {});
  const found = await mediaIn(db, conversationId, query.kinds ?? mediaKind.options, after, query.limit + 1);
  const page = found.slice(0, query.limit);
  const last = page.at(-1);
  return {
    media: page.map(({ place: _, ...sent }) => sent),
    ...(found.length > page.length && last && { next: writeCursor({ seq: last.seq, place: last.place }) }),
  };
}
