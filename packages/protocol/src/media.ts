import { z } from 'zod';
import { id } from './ids.ts';
import { codePoints, normalForm } from './text.ts';

/** What a file is, by its bytes. `voice`: a recording made here. Everything that is not sure to be harmless is a `file`. */
export const mediaKind = z.enum(['image', 'video', 'audio', 'voice', 'file']);
export type MediaKind = z.infer<typeof mediaKind>;

// Controls, bidi marks, separators of paths: what makes one name look like, or be, another.
const notInNames = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/gu;

/** A name to save a file by: the last part of what came, NFC, 1 to 200 characters, nothing invisible. Never refused. */
export const fileName = z.string().max(4_096).overwrite(cleanFileName);

function cleanFileName(given: string): string {
  const last = given.split(/[\\/]/).at(-1) ?? '';
  const clean = normalForm(last.replace(notInNames, ''), 'NFC')
    .replace(/\s+/gu, ' ')
    .replace(/^[. ]+| $/g, '');
  const characters = [...clean];
  if (characters.length <= 200) return clean || 'file';
  const ending = /\.[\p{L}\p{N}]{1,10}$/u.exec(clean)?.[0] ?? '';
  return (
    characters
      .slice(0, 200 - codePoints(ending))
      .join('')
      .trimEnd() + ending
  );
}

/** What can be seen in it, in words. */
export const altText = z
  .string()
  .max(1_000)
  .refine(text => text.isWellFormed() && !text.includes('\0'), 'A description cannot hold NUL or half a character.');

/** How loud it is, from 0 to 100, in equal steps over all of its time. */
export const waveform = z.array(z.int().min(0).max(100)).max(100);

const side = z.int().min(1).max(100_000);

/** A file that a message refers to: the same for every reader, and enough to draw its place before it is loaded. */
export const attachment = z.object({
  id,
  kind: mediaKind,
  name: z.string(),
  /** Sniffed, never believed; `application/octet-stream` for what is not known. */
  mediaType: z.string(),
  bytes: z.int().min(0),
  /** As it is shown, the camera's orientation applied. */
  width: side.optional(),
  height: side.optional(),
  /** It moves. */
  animated: z.literal(true).optional(),
  /** ThumbHash in Base64: a blurred picture of some 25 bytes, to stand there until it is loaded. */
  blur: z.string().max(100).optional(),
  durationMs: z.int().min(0).optional(),
  waveform: waveform.optional(),
  alt: altText.optional(),
});
export type Attachment = z.infer<typeof attachment>;

/** What only its uploader can say of a file. A server may look at it, and takes nothing of it for a fact. */
const said = z.object({
  /** A recording made just now: kind `voice`, if it is sound. */
  voice: z.boolean().optional(),
  durationMs: z.int().min(0).max(86_400_000).optional(),
  waveform: waveform.optional(),
  /** Of a film; those of a picture are measured. */
  width: side.optional(),
  height: side.optional(),
  alt: altText.optional(),
});
export type SaidOfMedia = z.infer<typeof said>;

/** The same as JSON text, as it stands in addresses and heads. */
export const saidOfMedia = z
  .string()
  .max(4_096)
  .transform((text, ctx): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      ctx.addIssue('This is not JSON.');
      return z.NEVER;
    }
  })
  .pipe(said);
