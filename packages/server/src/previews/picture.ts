import { copyFile, rm, stat, writeFile } from 'node:fs/promises';
import { type Preview, Refusal } from '@carpenter/protocol';
import { v7 } from '../ids.ts';
import { type Media, originalOf, thumbnailOf } from '../media/media.ts';
import { insertFetchedPicture } from '../store/previews.ts';

type Picture = Pick<Preview, 'imageId' | 'width' | 'height' | 'blur'>;

/** Keeps the small form of a fetched picture, as a file of this server. Undefined: it is none that can be shown. */
export async function keepPicture(media: Media, bytes: Buffer, claimed: string): Promise<Picture | undefined> {
  const { workshop, looking, blobs, db, limits } = media;
  const [input, output, small] = [workshop.place(), workshop.place(), workshop.place()];
  try {
    await writeFile(input, bytes, { mode: 0o600 });
    const files = { input, output, small, maxPixels: limits.mediaMaxPixels };
    const { kind, written, width, height, blur } = await looking.look({ files, claimed, said: {} }, 'previews');
    if (kind !== 'image' || !written || !width || !height) return undefined;
    const id = v7();
    const { size } = await stat(small);
    await copyFile(small, output); // a store takes a file away with it
    await blobs.put(thumbnailOf(id), small);
    await blobs.put(originalOf(id), output);
    const attachment = { id, kind, name: 'preview.webp', mediaType: 'image/webp', bytes: size, width, height };
    await insertFetchedPicture(db, attachment);
    return { imageId: id, width, height, ...(blur !== undefined && { blur }) };
  } catch (error) {
    if (error instanceof Refusal) return undefined; // no picture, too large, or the workers are busy: the words remain
    throw error;
  } finally {
    await Promise.all([input, output, small].map(path => rm(path, { force: true })));
  }
}
