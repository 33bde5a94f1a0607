import { z } from 'zod';
import { id, rev, seq, time } from './ids.ts';
import { displayName, metadata, topic, username } from './text.ts';

/** Somebody with an account, as everybody on this server may see them. */
export const user = z.object({ id, username, displayName, createdAt: time });
export type User = z.infer<typeof user>;

export const preferences = metadata;
export type Preferences = z.infer<typeof preferences>;

/** `owner`: the first account of this server. */
export const serverRole = z.enum(['owner', 'member']);
export type ServerRole = z.infer<typeof serverRole>;
/** Oneself: what only I may see of my account. */
export const me = user.extend({ role: serverRole, preferences });
export type Me = z.infer<typeof me>;

export const presenceStatus = z.enum(['online', 'away', 'dnd', 'offline']);
export type PresenceStatus = z.infer<typeof presenceStatus>;

/** Seen only by those who share a conversation with this person. */
export const presence = z.object({ userId: id, status: presenceStatus, lastSeenAt: time.optional() });
export type Presence = z.infer<typeof presence>;

/** Why a system message stands in the log. `userId`: whom it happened to; `sender` of the message: who did it. */
export const systemEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('created') }),
  z.object({ kind: z.literal('joined'), userId: id }),
  z.object({ kind: z.literal('left'), userId: id }),
  z.object({ kind: z.literal('removed'), userId: id }),
  z.object({ kind: z.literal('renamed'), name: displayName }),
]);
export type SystemEvent = z.infer<typeof systemEvent>;

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
  /** Empty in a system message and after deletion. */
  text: z.string(),
  system: systemEvent.optional(),
  /** The sender's clock: a hint, never used for order. */
  sentAt: time.optional(),
  createdAt: time,
  editedAt: time.optional(),
  deletedAt: time.optional(),
  metadata: metadata.optional(),
});
export type Message = z.infer<typeof message>;

export const conversationType = z.enum(['direct', 'group']);
export type ConversationType = z.infer<typeof conversationType>;

/** The same for every member. */
export const conversation = z.object({
  id,
  type: conversationType,
  /** Groups only. */
  name: displayName.optional(),
  topic: topic.optional(),
  /** Direct conversations only: the two. */
  memberIds: z.array(id).max(2).optional(),
  memberCount: z.int(),
  createdBy: id,
  createdAt: time,
});
export type Conversation = z.infer<typeof conversation>;

/** Watermarks of one member. Both only grow; never above `lastSeq`. */
export const receipt = z.object({ userId: id, deliveredSeq: z.int().min(0), readSeq: z.int().min(0) });
export type Receipt = z.infer<typeof receipt>;

export const memberRole = z.enum(['owner', 'admin', 'member']);
export type MemberRole = z.infer<typeof memberRole>;

export const member = receipt.extend({ role: memberRole, joinedAt: time });
export type Member = z.infer<typeof member>;

/** Where I stand in a conversation. */
export const mine = z.object({
  role: memberRole,
  readSeq: z.int().min(0),
  deliveredSeq: z.int().min(0),
  /** "Mark unread from here": a private mark that may go back. */
  unreadFrom: seq.optional(),
  /** Messages by others after my mark, deleted and system ones left out; 100 means "99+". */
  unread: z.int().min(0),
});
export type Mine = z.infer<typeof mine>;

/** A row of the conversation list. */
export const conversationState = z.object({
  conversation,
  lastSeq: z.int().min(0),
  rev,
  lastMessage: message.optional(),
  mine,
  /** Direct conversations only: the watermarks of both, for the ticks. */
  receipts: z.array(receipt).optional(),
});
export type ConversationState = z.infer<typeof conversationState>;

/** Counters of one of my conversations: enough to see whether I missed something. */
export const head = z.object({
  conversationId: id,
  lastSeq: z.int().min(0),
  rev,
  unread: z.int().min(0),
  readSeq: z.int().min(0),
});
export type Head = z.infer<typeof head>;

/** A place where I am logged in. */
export const session = z.object({
  id,
  device: z.string(),
  createdAt: time,
  lastUsedAt: time,
  current: z.boolean(),
});
export type Session = z.infer<typeof session>;
