import { z } from 'zod';
import { id, rev, seq, time } from './ids.ts';
import { attachment } from './media.ts';
import { preview } from './preview.ts';
import { displayName, emoji, metadata, topic } from './text.ts';

/** Why a system message stands in the log. `userId`: whom it happened to; `sender` of the message: who did it. */
export const systemEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('created') }),
  z.object({ kind: z.literal('joined'), userId: id }),
  z.object({ kind: z.literal('left'), userId: id }),
  z.object({ kind: z.literal('removed'), userId: id }),
  z.object({ kind: z.literal('renamed'), name: displayName }),
  z.object({ kind: z.literal('pinned'), seq }),
  z.object({ kind: z.literal('topic'), topic }),
  z.object({ kind: z.literal('archived') }),
  z.object({ kind: z.literal('unarchived') }),
]);
export type SystemEvent = z.infer<typeof systemEvent>;

/** Who is meant: a person, those who are here now, or everybody. */
export const mention = z.union([id, z.enum(['here', 'all'])]);
export type Mention = z.infer<typeof mention>;

/** How many people chose one thing, and who did so first. The rest is paged. */
const chosen = { count: z.int().min(0), first: z.array(id).max(5) };

export const reaction = z.object({ emoji, ...chosen });
export type Reaction = z.infer<typeof reaction>;

export const poll = z.object({
  options: z.array(z.object({ text: z.string(), ...chosen })).max(10),
  /** More than one answer may be chosen. */
  multiple: z.boolean(),
  closedAt: time.optional(),
});
export type Poll = z.infer<typeof poll>;

/** On the message that a thread hangs on. */
export const threadSummary = z.object({
  conversationId: id,
  /** Replies, deleted ones left out. */
  count: z.int().min(0),
  lastAt: time,
  /** The first who wrote in it. */
  first: z.array(id).max(5),
});
export type ThreadSummary = z.infer<typeof threadSummary>;

/** Addressed as `(conversationId, seq)`. The same for every reader: one frame serves all. Empty fields are left out. */
export const message = z.object({
  id,
  clientId: id,
  conversationId: id,
  seq,
  /** `rev` of its last change. */
  rev,
  sender: id,
  type: z.enum(['text', 'system']),
  /** Empty in a system message and after deletion; may be empty where there are attachments. */
  text: z.string(),
  system: systemEvent.optional(),
  /** The message of this conversation that it answers. */
  replyTo: seq.optional(),
  /** Members whom `@username` in the text meant when it was written. */
  mentions: z.array(mention).max(50).optional(),
  attachments: z.array(attachment).max(10).optional(),
  /** Copied from a message that its sender could read; where from is nobody else's business. */
  forwarded: z.object({ sender: id, createdAt: time }).optional(),
  poll: poll.optional(),
  /** In the order of first use. */
  reactions: z.array(reaction).max(20).optional(),
  pinnedAt: time.optional(),
  pinnedBy: id.optional(),
  thread: threadSummary.optional(),
  /** Written in a thread, and sent to the conversation too. */
  fromThread: z.object({ conversationId: id, seq }).optional(),
  /** Of the first page that the text links to; comes a moment after the message. */
  preview: preview.optional(),
  /** The sender's clock: a hint, never used for order. */
  sentAt: time.optional(),
  createdAt: time,
  editedAt: time.optional(),
  deletedAt: time.optional(),
  metadata: metadata.optional(),
});
export type Message = z.infer<typeof message>;

const justNowMs = 10_000;
/**
 * Whoever writes has read what came before; not so where it was written some time before it was sent, for later or without a
 * connection. Whoever writes in a thread has read the thread, not its conversation, wherever else the reply is shown.
 */
export const saysRead = ({
  sentAt,
  createdAt,
  fromThread,
}: Pick<Message, 'sentAt' | 'createdAt' | 'fromThread'>): boolean =>
  fromThread === undefined && (sentAt === undefined || Date.parse(createdAt) - Date.parse(sentAt) < justNowMs);

/** What is mine at a message and must not be in what serves all readers. */
export const own = z.object({
  /** My reactions. */
  emoji: z.array(emoji).optional(),
  /** My votes: numbers of the poll's options, from 0. */
  votes: z.array(z.int().min(0)).optional(),
});
export type Own = z.infer<typeof own>;
/** By `seq`; messages without anything of mine are left out. */
export const owns = z.record(z.string(), own);
export type Owns = z.infer<typeof owns>;

/** Said with an answer: it was done, but not all of it had the effect one might expect. */
export const notice = z.object({ code: z.string(), message: z.string() });
export type Notice = z.infer<typeof notice>;
