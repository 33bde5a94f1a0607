import { z } from 'zod';
import { message } from '../message.ts';
import { conversation, user } from '../things.ts';
import { cursor, limit, route } from './route.ts';

/** Where in a message something was found, in UTF-16 units of that text: `from` to `to`, never a piece of HTML. */
export const highlight = z.object({
  /** Its text, the name or the description of a file, or an answer of its poll. */
  in: z.enum(['text', 'name', 'alt', 'option']),
  /** Which file or answer. */
  index: z.int().min(0).optional(),
  from: z.int().min(0),
  to: z.int().min(0),
});
export type Highlight = z.infer<typeof highlight>;

export const searchHit = z.object({
  message,
  highlights: z.array(highlight),
  /** Where files are looked for: which of its files were found. */
  files: z.array(z.int().min(0)).optional(),
});
export type SearchHit = z.infer<typeof searchHit>;

export const searchSort = z.enum(['newest', 'best']);
export type SearchSort = z.infer<typeof searchSort>;

/** Messages by all that is in them, or by their files alone: names, descriptions, kinds. */
export const searchFind = z.enum(['messages', 'files']);
export type SearchFind = z.infer<typeof searchFind>;

export const searchAnswer = z.object({
  hits: z.array(searchHit),
  /** Those that the hits stand in, and the parents of threads among them. */
  conversations: z.array(conversation),
  users: z.array(user),
  next: z.string().optional(),
  /** Nothing held these words, so that words were taken that differ by one typing error. */
  corrected: z.array(z.object({ word: z.string(), to: z.array(z.string()) })).optional(),
  /** The index is still being filled: older messages may be missing. */
  filling: z.literal(true).optional(),
});
export type SearchAnswer = z.infer<typeof searchAnswer>;

const list = z.string().max(500).optional();

export const searchRoutes = {
  search: route({
    method: 'GET',
    path: '/search',
    summary: 'Find messages that I may see, or files in them, by words and filters.',
    query: z.object({
      q: z
        .string()
        .default('')
        .describe(
          'Words, "phrases", -not, and in: from: mentions: has: is: before: after: during: with what they take.',
        ),
      find: searchFind
        .default('messages')
        .describe('files: those whose name, description or kind holds the words; without words, all.'),
      sort: searchSort.default('newest'),
      zone: z
        .string()
        .max(64)
        .refine(isZone, 'This is no time zone, like Europe/Oslo.')
        .default('UTC')
        .describe('Where the days of before, after and during begin.'),
      in: list.describe('As in q; each of these takes several, separated by commas.'),
      from: list,
      mentions: list,
      has: list,
      is: list,
      before: list,
      after: list,
      during: list,
      limit,
      cursor,
    }),
    answers: { 200: searchAnswer },
    refusals: ['search.too_wide', 'search.too_long', 'search.filter_unknown', 'cursor.invalid'],
  }),
} as const;

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
