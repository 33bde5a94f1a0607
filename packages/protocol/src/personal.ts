import { z } from 'zod';
import { draft } from './commands.ts';
import { id, seq, time } from './ids.ts';
import { message } from './message.ts';

/** What waits to be sent at a time: everything of a message but its client id. */
export const plan = draft.omit({ clientId: true, sentAt: true });
export type Plan = z.infer<typeof plan>;

/** A message that goes out by itself at a time; only its sender sees it until then. */
export const scheduled = z.object({
  id,
  conversationId: id,
  ...plan.shape,
  sendAt: time,
  createdAt: time,
  /** It could not be sent, and why. It waits for another time or text, or to be taken back. */
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type Scheduled = z.infer<typeof scheduled>;

const writtenMax = 32_000;
/** What is written in a conversation and not sent, on whichever device of mine. An empty one was sent or thrown away. */
export const unsent = z.object({
  conversationId: id,
  text: z
    .string()
    .max(writtenMax, `A draft has at most ${writtenMax} characters.`)
    .refine(text => text.isWellFormed() && !text.includes('\0'), 'A draft cannot hold NUL or half a character.'),
  replyTo: seq.optional(),
  attachments: z.array(id).max(10).optional(),
  /** When it was written. Of two the later one counts; a time in the future is taken as now. */
  writtenAt: time,
});
export type Unsent = z.infer<typeof unsent>;

const noteMax = 500;
/** A message that I want to come back to. */
export const bookmark = z.object({
  conversationId: id,
  seq,
  note: z
    .string()
    .max(noteMax, `A note has at most ${noteMax} characters.`)
    .refine(text => text.isWellFormed() && !text.includes('\0'), 'A note cannot hold NUL or half a character.')
    .optional(),
  createdAt: time,
  /** Since when it is done. */
  doneAt: time.optional(),
  message,
});
export type Bookmark = z.infer<typeof bookmark>;
