import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type Attachment, type Id, Refusal, refuse } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { dropMedia, finishUpload, partsOf, type UploadRow, uploadOf } from '../store/uploads.ts';
import type { Looked } from './job.ts';
import { type Media, originalOf, thumbnailOf } from './media.ts';

/**
 * Makes a file of an upload that has all its bytes: looks at it, keeps what is to be kept. Safe to be done again after any
 * interruption. What is refused for good is thrown away whole.
 * @param at where its bytes are, if not in parts
 * @throws {Refusal} media.not_what_it_says, media.broken, media.too_many_pixels, media.no_room, media.store_away, overloaded
 */
export function finish(media: Media, actor: Actor, row: UploadRow, at?: string): Promise<Attachment> {
  const { finishing } = media;
  const under = finishing.get(row.id);
  if (under) return under;
  const work = finishOnce(media, actor, row, at).finally(() => finishing.delete(row.id));
  finishing.set(row.id, work);
  return work;
}

async function finishOnce(media: Media, actor: Actor, row: UploadRow, at: string | undefined): Promise<Attachment> {
  const { db, blobs, workshop, looking, limits } = media;
  const { id } = row;
  const [input, output, small] = [at ?? workshop.place(), workshop.place(), workshop.place()];
  try {
    if (at === undefined) await assemble(media, id, input);
    const files = { input, output, small, maxPixels: limits.mediaMaxPixels };
    const looked = await looking.look({ files, claimed: row.told.mediaType, said: row.told.said }, actor.userId);
    const kept = looked.written ? output : input;
    const attachment = describe(row, looked, (await stat(kept)).size);
    if (looked.written) await blobs.put(thumbnailOf(id), small);
    await blobs.put(originalOf(id), kept);
    if (!(await finishUpload(db, attachment))) {
      return (await stillThere(media, actor, id)).attachment ?? refuse('upload.unknown', {}); // another node was faster
    }
    if (at === undefined) await blobs.removeAll(id, [originalOf(id), thumbnailOf(id)]); // its parts, and any that a crash has left
    return attachment;
  } catch (error) {
    if (error instanceof Refusal && error.status === 422) await throwAway(media, actor, id);
    throw error;
  } finally {
    await Promise.all([input, output, small].map(path => rm(path, { force: true })));
  }
}

async function assemble({ db, blobs }: Media, id: Id, path: string): Promise<void> {
  for (const { key, start } of await partsOf(db, id)) {
    await pipeline(await blobs.read(key), createWriteStream(path, { flags: start === 0 ? 'w' : 'a', mode: 0o600 }));
  }
}

/**
 * For whoever put something under an upload and hears that it does not count: where the upload was thrown away meanwhile, that was
 * before, and nobody else would remove it. @throws {Refusal} upload.unknown
 */
export async function stillThere({ db, blobs }: Media, actor: Actor, id: Id): Promise<UploadRow> {
  const row = await uploadOf(db, id, actor.userId);
  if (row) return row;
  await blobs.removeAll(id);
  return refuse('upload.unknown', {});
}

/**
 * Nothing of it is left, unless a message has it. Its row goes with the sweep, which looks again: the store may be away, and whoever
 * writes at this moment may die before they see that it is gone. @returns whether it was there
 */
export async function throwAway({ db, blobs }: Media, actor: Actor, id: Id): Promise<boolean> {
  if (!(await dropMedia(db, id, actor.userId))) return false;
  try {
    await blobs.removeAll(id);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  return true;
}

/** What only the uploader knows is believed where it can do no harm: a wrong width only looks wrong. */
function describe({ id, name, told: { said } }: UploadRow, looked: Looked, bytes: number): Attachment {
  const { kind, mediaType, animated, blur } = looked;
  const { width, height } = kind === 'video' ? said : looked;
  const { durationMs, waveform } = kind === 'image' || kind === 'file' ? {} : said;
  return {
    ...{ id, kind, name: namedAs(name, mediaType), mediaType, bytes },
    ...(width !== undefined && height !== undefined && { width, height }),
    ...(animated && { animated }),
    ...(blur !== undefined && { blur }),
    ...(durationMs !== undefined && { durationMs }),
    ...(waveform !== undefined && { waveform }),
    ...(said.alt && { alt: said.alt }),
  };
}

/** AVIF is kept as WebP: saved under its old name, programs would not know it. */
const namedAs = (name: string, mediaType: string): string =>
  mediaType === 'image/webp' ? name.replace(/\.avif$/i, '.webp') : name;
