import { z } from 'zod';
import { id } from './ids.ts';

const side = z.int().min(1).max(100_000);

/** What a page says of itself, under the message that links to it. */
export const preview = z.object({
  /** As it was written. */
  url: z.string().max(2_048),
  title: z.string().max(200).optional(),
  description: z.string().max(400).optional(),
  /** The name of the site. */
  site: z.string().max(80).optional(),
  /** A picture, kept here like any other file: nobody's browser asks the page for it. */
  imageId: id.optional(),
  width: side.optional(),
  height: side.optional(),
  /** As in an attachment. */
  blur: z.string().max(100).optional(),
});
export type Preview = z.infer<typeof preview>;

const code = /```[\s\S]*?(?:```|$)|`[^`\n]*`/g;
const hidden = /\|\|[\s\S]*?\|\|/g;
const address = /(?<![\p{L}\p{N}@.:/-])https?:\/\/[^\s<>"'`|\\^{}\p{Cc}]{1,2040}/giu;

/** Whoever writes more than so many addresses that cannot have a preview before one that can gets none. */
const triesMax = 10;

/**
 * The first address in a text that may have a preview: none in code, behind a spoiler, or with a name or password in it.
 * The sentence's own marks at its end do not belong to it.
 */
export function previewableIn(text: string): string | undefined {
  if (!/https?:\/\//i.test(text)) return undefined;
  let tries = 0;
  for (const [found] of text.replace(code, ' ').replace(hidden, ' ').matchAll(address)) {
    if (++tries > triesMax) return undefined;
    const url = trimmed(found);
    if (!URL.canParse(url)) continue;
    const { username, password, hostname } = new URL(url);
    if (!username && !password && hostname.includes('.')) return url;
  }
  return undefined;
}

/** A closing bracket belongs to the address where it was opened in it. All are counted once: an address may be brackets only. */
function trimmed(found: string): string {
  const unopened: Record<string, number> = {
    ')': count(found, ')') - count(found, '('),
    ']': count(found, ']') - count(found, '['),
  };
  for (let end = found.length; ; end--) {
    const last = found[end - 1] ?? '';
    if (/[.,;:!?*_~…。、！？]/u.test(last)) continue;
    const left = unopened[last] ?? 0;
    if (left <= 0) return found.slice(0, end);
    unopened[last] = left - 1;
  }
}
const count = (text: string, sign: string): number => text.split(sign).length - 1;
