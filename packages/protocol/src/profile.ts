import { z } from 'zod';
import { time } from './ids.ts';
import { timeZone } from './quiet-hours.ts';
import { codePoints, emoji, hidesSomething, normalForm } from './text.ts';

/** One line of free text: NFC, at most `max` characters, nothing invisible in it. */
const line = (what: string, max: number) =>
  z
    .string()
    .overwrite(text => normalForm(text, 'NFC').trim().replace(/\s+/gu, ' '))
    .refine(text => text.isWellFormed() && codePoints(text) <= max, `${what} has at most ${max} characters.`)
    .refine(text => !hidesSomething(text), `${what} cannot hold invisible characters.`);

/** What somebody says of themselves: seen by everybody on this server. Absent: not said. */
export const profile = z.object({
  pronouns: line('The pronouns', 40).optional(),
  /** For "their time is …". */
  timeZone: timeZone.optional(),
  about: line('What is said of oneself', 200).optional(),
});
export type Profile = z.infer<typeof profile>;

/** A change of it: an empty text takes one away. */
export const profilePatch = z.object({
  ...profile.shape,
  timeZone: z.union([timeZone, z.literal('')]).optional(),
});

/** What somebody does right now: seen by those who share a conversation with them, until it ends. */
export const customStatus = z
  .object({
    /** May be left empty where there is an emoji. */
    text: line('A status', 100).default(''),
    emoji: emoji.optional(),
    until: time.optional(),
  })
  .refine(({ text, emoji: sign }) => text !== '' || sign !== undefined, 'A status needs a text or an emoji.');
export type CustomStatus = z.infer<typeof customStatus>;
