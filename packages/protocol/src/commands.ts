import { z } from 'zod';
import { id, ref, rev, seq, time } from './ids.ts';
import { refuse } from './refusals.ts';
import { emoji, metadata } from './text.ts';

const base = { ref: ref.optional() };
/** Text is checked by a rule (`textFault`), not here: its limit is configuration and its refusals have their own codes. */
const text = z.string();
export const votes = z.array(z.int().min(0).max(9)).max(10);

/** What a person or a bot sends; the body of `POST /conversations/:id/messages` too. */
export const draft = z.object({
  clientId: id,
  /** May be left empty where something else is sent. */
  text,
  replyTo: seq.optional(),
  /** Uploaded before. */
  attachments: z.array(id).max(10).optional(),
  /** `text` is the question. */
  poll: z.object({ options: z.array(z.string()).max(20), multiple: z.boolean().default(false) }).optional(),
  /** A message that I may read: text and attachments are copied, `text` stays empty. */
  forward: z.object({ conversationId: id, seq }).optional(),
  /** In a thread: show it in the conversation too. */
  alsoInParent: z.boolean().optional(),
  /** No preview of the pages it links to. */
  preview: z.literal(false).optional(),
  sentAt: time.optional(),
  metadata: metadata.optional(),
});
export type Draft = z.infer<typeof draft>;

/** What a client may say. Unknown fields are ignored, unknown types refused. */
export const command = z.discriminatedUnion('type', [
  /** First frame of a connection without a token, or the renewal on a live one. Answer: `ready` or `auth.renewed`. */
  z.object({ type: z.literal('auth'), ...base, token: z.string().min(1).max(4_096) }),
  /** Answer: `ack` with the stored message, after the commit. */
  z.object({ type: z.literal('message.send'), ...base, conversationId: id, ...draft.shape }),
  z.object({ type: z.literal('message.edit'), ...base, conversationId: id, seq, text }),
  z.object({ type: z.literal('message.delete'), ...base, conversationId: id, seq }),
  /** Done already: nothing changes. Answer: `ack`. */
  z.object({ type: z.literal('reaction.add'), ...base, conversationId: id, seq, emoji }),
  z.object({ type: z.literal('reaction.remove'), ...base, conversationId: id, seq, emoji }),
  /** My votes from now on: numbers of the poll's options, from 0; none takes them back. Answer: `ack`. */
  z.object({ type: z.literal('poll.vote'), ...base, conversationId: id, seq, votes }),
  /** On a device of mine. No answer. */
  z.object({ type: z.literal('receipt.delivered'), ...base, conversationId: id, seq }),
  /** Viewed. No answer. */
  z.object({ type: z.literal('receipt.read'), ...base, conversationId: id, seq }),
  z.object({ type: z.literal('typing'), ...base, conversationId: id, active: z.boolean() }),
  /** Threads that are on screen without being followed: their events come too. Replaces the former. `activity` says from where on. */
  z.object({ type: z.literal('watch'), ...base, conversationIds: z.array(id).max(20) }),
  z.object({ type: z.literal('presence.set'), ...base, status: z.enum(['online', 'away', 'dnd']) }),
  /** What changed since I had `since`? Answer: `changes`. */
  z.object({
    type: z.literal('sync'),
    ...base,
    conversationId: id,
    since: rev,
    limit: z.int().min(1).max(200).optional(),
  }),
  /** Counters of my conversations that changed since `at`; of all without it. Answer: `heads`. */
  z.object({ type: z.literal('heads'), ...base, at: time.optional() }),
  z.object({ type: z.literal('ping'), ...base }),
]);
export type Command = z.infer<typeof command>;
export type CommandType = Command['type'];
export type CommandOf<T extends CommandType> = Extract<Command, { type: T }>;
export const commandTypes: ReadonlySet<string> = new Set(command.options.map(option => option.shape.type.value));

/**
 * What came over a door, as a command.
 * @throws {Refusal} frame.malformed, frame.unknown_type, input.invalid
 */
export function readCommand(value: unknown): Command {
  if (typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string') {
    refuse('frame.malformed', {});
  }
  if (!commandTypes.has(value.type)) refuse('frame.unknown_type', { type: value.type.slice(0, 64) });
  const { data, error } = command.safeParse(value);
  if (data) return data;
  refuse('input.invalid', {
    issues: error.issues.slice(0, 10).map(issue => ({ path: issue.path.join('.'), message: issue.message })),
  });
}
