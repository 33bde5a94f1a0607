import { z } from 'zod';
import { id, rev, seq, time } from './ids.ts';
import { message } from './message.ts';
import { preferences } from './preferences.ts';
import { customStatus, profile } from './profile.ts';
import { memberRole } from './roles.ts';
import { displayName, topic, username } from './text.ts';

/** Somebody with an account, as everybody on this server may see them. */
export const user = z.object({
  id,
  username,
  displayName,
  ...profile.shape,
  /** Their face: a file that everybody with an account here may have. */
  pictureId: id.optional(),
  createdAt: time,
});
export type User = z.infer<typeof user>;

/** `owner`: the first account of this server. `guest`: sees the conversations they were invited to, and nobody else. */
export const serverRole = z.enum(['owner', 'member', 'guest']);
export type ServerRole = z.infer<typeof serverRole>;
/** Oneself: what only I may see of my account. */
export const me = user.extend({ role: serverRole, preferences, status: customStatus.optional() });
export type Me = z.infer<typeof me>;

export const presenceStatus = z.enum(['online', 'away', 'dnd', 'offline']);
export type PresenceStatus = z.infer<typeof presenceStatus>;

/** Seen only by those who share a conversation with this person. */
export const presence = z.object({
  userId: id,
  status: presenceStatus,
  /** Absent where they do not want it to be seen. */
  lastSeenAt: time.optional(),
  custom: customStatus.optional(),
});
export type Presence = z.infer<typeof presence>;

/** `thread`: its parent is a message; following it is being its member, whoever may read the parent may read it. */
export const conversationType = z.enum(['direct', 'group', 'channel', 'thread']);
export type ConversationType = z.infer<typeof conversationType>;

export const visibility = z.enum(['public', 'private']);
export type Visibility = z.infer<typeof visibility>;

/** The same for every member. */
export const conversation = z.object({
  id,
  type: conversationType,
  /** Groups and channels. */
  name: displayName.optional(),
  topic: topic.optional(),
  /** Groups and channels: a file that whoever may read or join them may have. */
  pictureId: id.optional(),
  /** Channels: `public` ones can be found and joined by everybody with an account who is no guest. */
  visibility: visibility.optional(),
  /** Absent: everybody in it writes. */
  writers: z.literal('moderators').optional(),
  /** Everybody comes into it with their account. */
  everybody: z.literal(true).optional(),
  /** Since when it is read-only. */
  archivedAt: time.optional(),
  /** Direct conversations only: the two. */
  memberIds: z.array(id).max(2).optional(),
  /** Threads only: the message they hang on. */
  parent: z.object({ conversationId: id, seq }).optional(),
  memberCount: z.int(),
  createdBy: id,
  createdAt: time,
});
export type Conversation = z.infer<typeof conversation>;

/** Watermarks of one member. Both only grow; never above `lastSeq`. */
export const receipt = z.object({ userId: id, deliveredSeq: z.int().min(0), readSeq: z.int().min(0) });
export type Receipt = z.infer<typeof receipt>;

export const member = receipt.extend({ role: memberRole, joinedAt: time });
export type Member = z.infer<typeof member>;

export const notifyLevel = z.enum(['all', 'mentions', 'nothing']);
export type NotifyLevel = z.infer<typeof notifyLevel>;

/** `mutedUntil` of what stays muted until I turn it on again. */
export const forever = '9999-12-31T23:59:59.999Z';

/** How I keep a conversation: mine alone, the same on all my devices. What was never set is absent. */
export const mySettings = z.object({
  /** Absent: everything in direct conversations, threads and groups, mentions in channels. */
  notify: notifyLevel.optional(),
  mutedUntil: time.optional(),
  /** Words that notify like a mention. */
  keywords: z.array(displayName).max(20).optional(),
  /** My pinned conversations stand first, the lowest number on top. */
  pinned: z.number().optional(),
  archived: z.literal(true).optional(),
  /** Name of the folder it is in. */
  folder: displayName.optional(),
  /** Counts the changes of these: a higher number is the newer state. */
  settingsRev: z.int().min(1).optional(),
});
export type MySettings = z.infer<typeof mySettings>;

/** Where I stand in a conversation. */
export const mine = z.object({
  role: memberRole,
  readSeq: z.int().min(0),
  deliveredSeq: z.int().min(0),
  /** "Mark unread from here": a private mark that may go back. */
  unreadFrom: seq.optional(),
  /** Messages by others after my mark, deleted and system ones left out; 100 means "99+". */
  unread: z.int().min(0),
  /** Those of them that mention me, `@here` and `@all` among them; 100 means "99+". */
  mentions: z.int().min(0),
  /** Threads only: it counts and tells as unread. */
  following: z.boolean().optional(),
  ...mySettings.shape,
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
  /** Threads only: the conversation they hang in. */
  parentId: id.optional(),
  lastSeq: z.int().min(0),
  rev,
  unread: z.int().min(0),
  mentions: z.int().min(0),
  readSeq: z.int().min(0),
  settingsRev: mySettings.shape.settingsRev,
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
