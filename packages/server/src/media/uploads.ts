import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { type Attachment, fixed, type Id, refuse, type SaidOfMedia, type Upload } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { v7 } from '../ids.ts';
import { usedBytes } from '../store/media.ts';
import { addPart, countParts, insertUpload, type UploadRow, uploadOf } from '../store/uploads.ts';
import { finish, stillThere, throwAway } from './finish.ts';
import type { Media } from './media.ts';

export interface Announced {
  readonly name: string;
  /** What its uploader calls it; '' for nothing. */
  readonly mediaType: string;
  readonly said: SaidOfMedia;
  readonly bytes: number;
}

/** Takes room for a file. @throws {Refusal} media.empty, media.too_large, media.quota, upload.too_many */
export async function beginUpload(media: Media, actor: Actor, file: Announced): Promise<Id> {
  await media.allowances.spend('upload', actor.userId);
  return begin(media, actor, file);
}

async function begin({ db, limits }: Media, actor: Actor, file: Announced): Promise<Id> {
  const { name, mediaType, said, bytes } = file;
  const { mediaMaxBytes: maxBytes, mediaQuotaBytes: quotaBytes } = limits;
  if (bytes === 0) refuse('media.empty', {});
  if (bytes > maxBytes) refuse('media.too_large', { bytes, maxBytes });
  const id = v7();
  const begun = await insertUpload(
    db,
    { id, uploaderId: actor.userId, name, told: { mediaType, said }, bytes },
    { quotaBytes, unfinished: fixed.uploadsMax },
  );
  if (begun === 'begun') return id;
  if ('full' in begun) return refuse('media.quota', { bytes, usedBytes: begun.full, quotaBytes });
  return refuse('upload.too_many', { max: fixed.uploadsMax });
}

/** @throws {Refusal} upload.unknown */
export async function uploadRow({ db }: Media, actor: Actor, id: Id): Promise<UploadRow> {
  return (await uploadOf(db, id, actor.userId)) ?? refuse('upload.unknown', {});
}

/**
 * The next bytes of an upload. What came before the connection broke is kept, and the upload goes on behind it. A later connection
 * that sends to the same upload breaks an earlier one, which may be dead without having been closed.
 * @param stop  ends `body` as a break does
 * @returns where it goes on; at the end of the file it has been looked at and can be sent
 * @throws {Refusal} upload.unknown, upload.offset, upload.beyond_end, upload.too_many_parts, and those of `finish`
 */
export async function receivePart(
  media: Media,
  actor: Actor,
  id: Id,
  start: number,
  body: AsyncIterable<Uint8Array>,
  stop: () => void,
): Promise<number> {
  const take = () => takePart(media, actor, id, start, body);
  const { row, bytes, end } = await media.sending(`${actor.userId}/${id}`, stop, take);
  const offset = start + bytes;
  if (offset === row.bytes) {
    if (row.attachment === undefined) await finish(media, actor, row);
  } else if (end === 'broken') refuse('upload.offset', { offset }); // heard where a later connection broke this one
  return offset;
}

async function takePart(media: Media, actor: Actor, id: Id, start: number, body: AsyncIterable<Uint8Array>) {
  const { db, blobs, workshop } = media;
  const row = await uploadRow(media, actor, id);
  if (start !== row.received) refuse('upload.offset', { offset: row.received });
  if ((await countParts(db, id)) >= fixed.uploadPartsMax) {
    refuse('upload.too_many_parts', { max: fixed.uploadPartsMax });
  }
  const { path, bytes, end } = await workshop.receive(body, row.bytes - row.received);
  try {
    if (end === 'too_much') refuse('upload.beyond_end', { bytes: row.bytes });
    if (bytes > 0) {
      const key = `${id}/part-${start}-${randomUUID()}`; // two at once must not write over each other
      await blobs.put(key, path);
      // Should this throw, it may have been added all the same: what was not goes when the upload is whole, or swept.
      if (!(await addPart(db, id, { start, bytes, key }))) {
        await blobs.remove(key);
        refuse('upload.offset', { offset: (await stillThere(media, actor, id)).received });
      }
    }
    return { row, bytes, end };
  } finally {
    await rm(path, { force: true });
  }
}

/** How far it is; a whole one is looked at now if that was interrupted. @throws {Refusal} upload.unknown, and those of `finish` */
export async function readUpload(media: Media, actor: Actor, id: Id): Promise<Upload> {
  const row = await uploadRow(media, actor, id);
  const { bytes, received } = row;
  const attachment = row.attachment ?? (received === bytes ? await finish(media, actor, row) : undefined);
  return { id, bytes, received, ...(attachment && { attachment }) };
}

/** Throws a file of mine away that no message has. @throws {Refusal} upload.unknown */
export async function dropUpload(media: Media, actor: Actor, id: Id): Promise<void> {
  if (!(await throwAway(media, actor, id))) refuse('upload.unknown', {});
}

/**
 * A file in one piece, for programs that need no resuming: nothing is left of one that does not come to its end. Its room is taken
 * before the first byte is; all that there is where its length is not known.
 * @param file `bytes`: as announced, if it was
 * @throws {Refusal} those of `beginUpload` and `finish`
 */
export async function receiveWhole(
  media: Media,
  actor: Actor,
  file: Omit<Announced, 'bytes'> & { readonly bytes: number | undefined },
  body: AsyncIterable<Uint8Array>,
): Promise<Attachment> {
  const { mediaMaxBytes: maxBytes } = media.limits;
  if (file.bytes !== undefined && file.bytes > maxBytes) refuse('media.too_large', { bytes: file.bytes, maxBytes });
  await media.allowances.spend('upload', actor.userId);
  const { usedBytes, quotaBytes } = await readUsage(media, actor);
  const room = file.bytes ?? Math.max(1, Math.min(maxBytes, quotaBytes - usedBytes));
  const id = await begin(media, actor, { ...file, bytes: room });
  try {
    const { path, bytes, end } = await media.workshop.receive(body, room);
    try {
      if (end === 'too_much' && room < maxBytes) refuse('media.quota', { bytes: room + 1, usedBytes, quotaBytes });
      if (end === 'too_much') refuse('media.too_large', { bytes: room + 1, maxBytes });
      if (end === 'broken') refuse('request.broken', {}); // nobody hears it
      if (bytes === 0) refuse('media.empty', {});
      return await finish(media, actor, await uploadRow(media, actor, id), path);
    } finally {
      await rm(path, { force: true });
    }
  } catch (error) {
    await throwAway(media, actor, id); // it has no parts to go on from
    throw error;
  }
}

/** How much room there is. */
export async function readUsage({ db, limits }: Media, actor: Actor) {
  return { usedBytes: await usedBytes(db, actor.userId), quotaBytes: limits.mediaQuotaBytes };
}
