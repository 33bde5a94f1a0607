import { readFile, writeFile } from 'node:fs/promises';
import { type Attachment, Refusal, refuse } from '@carpenter/protocol';
import sharp, { type Sharp } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { bareGif } from './gif.ts';

// Only what people send: the others (SVG, TIFF, …) have had their holes, and are files here.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map(format => `VipsForeignLoad${format}File`) });
sharp.concurrency(1);
sharp.cache(false);

/** Pixels of the small picture: a place of 480 by 360 on a screen with two dots a pixel. */
const smallSide = 960;

interface PictureFiles {
  readonly input: string;
  /** The picture without what the camera wrote into it. */
  readonly output: string;
  /** A small one, WebP. */
  readonly small: string;
  readonly maxPixels: number;
}
type Measured = Pick<Attachment, 'mediaType' | 'width' | 'height' | 'animated' | 'blur'>;

/**
 * Writes a picture anew: turned as the camera held it, without EXIF and the like, and a small one beside it.
 * @throws {Refusal} media.broken, media.too_many_pixels
 */
export async function preparePicture(mediaType: string, files: PictureFiles): Promise<Measured> {
  try {
    return await prepare(mediaType, files);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof Refusal) throw error;
    if (/exceeds pixel limit/.test(error.message))
      refuse('media.too_many_pixels', { megapixels: files.maxPixels / 1_000_000 });
    refuse('media.broken', {});
  }
}

async function prepare(mediaType: string, { input, output, small, maxPixels }: PictureFiles): Promise<Measured> {
  const megapixels = maxPixels / 1_000_000;
  const options = { limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true } as const;
  const head = await sharp(input, options).metadata();
  const moves = (head.pages ?? 1) > 1;
  const still = sharp(input, options).autoOrient();

  const written = mediaType === 'image/avif' ? 'image/webp' : mediaType; // AVIF takes seconds to write
  if (mediaType === 'image/gif') {
    const bare = bareGif(await readFile(input));
    if (!bare) throw new Error('no whole GIF');
    // Browsers draw on a canvas of the size that stands here, however small its pictures are.
    if (bare.readUInt16LE(6) * bare.readUInt16LE(8) > maxPixels) refuse('media.too_many_pixels', { megapixels });
    await writeFile(output, bare);
  } else {
    const picture = moves ? sharp(input, { ...options, animated: true }) : still.clone();
    await formatted(picture, written).toFile(output);
  }

  await still.clone().resize(smallSide, smallSide, fit).webp({ quality: 78 }).toFile(small);
  const blurred = still.clone().resize(100, 100, fit).ensureAlpha().toColourspace('srgb').raw({ depth: 'uchar' });
  const { data, info } = await blurred.toBuffer({ resolveWithObject: true });
  return {
    mediaType: written,
    ...{ width: head.autoOrient.width, height: head.pageHeight ?? head.autoOrient.height },
    ...(moves && { animated: true }),
    blur: Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64'),
  };
}

const fit = { fit: 'inside', withoutEnlargement: true } as const;

function formatted(picture: Sharp, mediaType: string): Sharp {
  if (mediaType === 'image/jpeg') return picture.jpeg({ quality: 86 });
  if (mediaType === 'image/png') return picture.png({ compressionLevel: 7 });
  return picture.webp({ quality: 86 });
}
