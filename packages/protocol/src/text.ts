import { z } from 'zod';

/**
 * What is wrong with a message text, or undefined when it may be stored. Text is stored as it came, never cut.
 * NUL cannot be stored in PostgreSQL's text, lone surrogates cannot be written as UTF-8.
 */
export function textFault(text: string, maxChars: number): 'empty' | 'unstorable' | { chars: number } | undefined {
  if (text.trim() === '') return 'empty';
  if (text.includes('\0') || !text.isWellFormed()) return 'unstorable';
  if (text.length <= maxChars) return undefined; // code points are never more than UTF-16 units
  const chars = codePoints(text);
  return chars > maxChars ? { chars } : undefined;
}

/** Length in Unicode code points, the unit of `limits.textMaxChars`. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

// \uFF9E and \uFF9F become marks in the forms of compatibility.
const heapOfMarks = /([\p{M}\uFF9E\uFF9F]{30})[\p{M}\uFF9E\uFF9F]+/gu;

/**
 * A text in one of Unicode's normal forms. Of the marks on one letter it keeps thirty, more than any script has (as the
 * stream-safe format of UAX #15): to bring them into their order takes the square of their number, 40 s for a body full of them.
 */
export const normalForm = (text: string, form: 'NFC' | 'NFKC' | 'NFKD'): string =>
  text.replace(heapOfMarks, '$1').normalize(form);

/** The one form of a username: `canonicalUsername(canonicalUsername(x))` is `canonicalUsername(x)`. */
export const canonicalUsername = (input: string): string => input.toLowerCase();

/** ASCII only, so that no two names look alike; unique after lower-casing. */
export const username = z
  .string()
  .overwrite(canonicalUsername)
  .regex(/^[a-z0-9_.-]{3,32}$/, 'A username has 3 to 32 letters a-z, digits, dots, dashes or underscores.');

// Controls, bidi marks, signs without ink: they make one name look like another.
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]/u;
// Parts of what can be seen: of emoji, and of letters that are joined below one another, as in Sinhala names (RFC 5892, A.2).
const seen =
  /\p{RGI_Emoji}|(?<=[\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\u0DCA\u1039\u17D2])\u200D(?=\p{L})/gv;

/** Holds what nobody sees. */
export const hidesSomething = (text: string): boolean => invisible.test(text) && invisible.test(text.replace(seen, ''));

/** Names of people and groups: free, NFC, 1 to 64 characters, nothing invisible in them. */
export const displayName = z
  .string()
  .overwrite(name => normalForm(name, 'NFC').trim().replace(/\s+/gu, ' '))
  .refine(name => name !== '' && name.isWellFormed() && codePoints(name) <= 64, 'A name has 1 to 64 characters.')
  .refine(name => !hidesSomething(name), 'A name cannot hold invisible characters.');

export const password = z
  .string()
  .min(10, 'A password has at least 10 characters.')
  .max(200, 'A password has at most 200 characters.');

/** JSON nested at most `depth` deep: bounded, so that no input can exhaust a stack. */
function json(depth: number): z.ZodType<Json> {
  const leaf = z.union([z.string(), z.number(), z.boolean(), z.null()]);
  if (depth === 0) return leaf;
  return z.union([leaf, z.array(json(depth - 1)), z.record(z.string().max(64), json(depth - 1))]);
}
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const metadataBytes = 4_096;

/** Free JSON of a bot or a client, at most 4 KiB as text and five levels deep. */
export const metadata = z.preprocess(
  (value, ctx) => {
    // before the schema looks at each value: that takes time for what is far too much anyway
    if (countValues(value, metadataBytes / 2) > metadataBytes / 2) ctx.addIssue('Metadata is at most 4 KiB of JSON.');
    return value;
  },
  z
    .record(z.string().max(64), json(4))
    .refine(
      value => new TextEncoder().encode(JSON.stringify(value)).length <= metadataBytes,
      'Metadata is at most 4 KiB of JSON.',
    )
    .refine(storable, 'Metadata cannot hold NUL, half a character, or a number beyond 1e21 or below 1e-21.'),
);

/** Values in it, counted up to a little above `max`. */
function countValues(value: unknown, max: number): number {
  if (typeof value !== 'object' || value === null || max < 1) return 1;
  let count = 1;
  for (const inner of Object.values(value)) {
    count += countValues(inner, max - count);
    if (count > max) break;
  }
  return count;
}

/** What is said about a group, free text. */
export const topic = z.string().max(250).refine(storable, 'A topic cannot hold NUL or half a character.');

/** Free text up to so many UTF-16 units, as it came. */
export const storableText = (max: number) =>
  z.string().max(max).refine(storable, 'Text cannot hold NUL or half a character.');

/**
 * PostgreSQL's jsonb takes neither NUL nor half a character. Looked for in the values: as text, JSON hides them behind
 * escapes. Numbers come out of it written in full: four kibibytes of 1e308 would be a quarter of a mebibyte.
 */
function storable(value: Json): boolean {
  if (typeof value === 'number') return value === 0 || (Math.abs(value) < 1e21 && Math.abs(value) >= 1e-21);
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.keys(value).every(storable) && Object.values(value).every(storable);
}

/** One emoji as Unicode recommends it for interchange (RGI), whatever its parts. */
export const emoji = z
  .string()
  .max(64)
  .refine(sign => /^\p{RGI_Emoji}$/v.test(sign), 'A reaction is one emoji.');

/** Mean everybody, so nobody may be called so. */
export const reservedUsernames: ReadonlySet<string> = new Set(['here', 'all', 'everyone', 'channel']);

const code = /```[\s\S]*?(?:```|$)|`[^`\n]*`/g;
const nameAfterAt = /(?<![\p{L}\p{N}_@./-])@([a-z0-9_.-]{3,32})(?![\w/@])/giu;
const mentionsMax = 50;

/**
 * Names after an @ in a text, code left out, in lower case, each once, at most 50. A name may end in a dot or a dash, and so may
 * a sentence: for `@marit.` both forms are given, the longer one first.
 */
export function namesIn(text: string): string[][] {
  if (!text.includes('@')) return [];
  const names = new Map<string, string[]>();
  for (const [, found = ''] of text.replace(code, ' ').matchAll(nameAfterAt)) {
    const name = canonicalUsername(found);
    const bare = name.replace(/[.-]+$/, '');
    names.set(name, bare !== name && bare.length >= 3 ? [name, bare] : [name]);
    if (names.size >= mentionsMax) break;
  }
  return [...names.values()];
}
