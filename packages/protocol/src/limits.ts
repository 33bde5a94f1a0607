import { z } from 'zod';

/** What a server allows. Sent in `ready`, so that a client can say "too long" before it sends. */
export const limits = z.object({
  /** Unicode code points in one message. */
  textMaxChars: z.int(),
  /** Bytes in one WebSocket message, all fragments together. */
  frameMaxBytes: z.int(),
  /** Members of a group. */
  groupMaxMembers: z.int(),
  /** Rows in one answer to `sync`. */
  syncPage: z.int(),
  /** Behind by more rows than this, `sync` answers `reset` with the newest page. */
  syncGap: z.int(),
  /** Bytes in one file. */
  mediaMaxBytes: z.int(),
  /** Pixels in one picture; of a WebP that moves, in all its frames together. */
  mediaMaxPixels: z.int(),
  /** Bytes of all files of one person. */
  mediaQuotaBytes: z.int(),
});
export type Limits = z.infer<typeof limits>;

export const defaultLimits: Limits = {
  textMaxChars: 8_000,
  frameMaxBytes: 65_536,
  groupMaxMembers: 5_000,
  syncPage: 200,
  syncGap: 5_000,
  mediaMaxBytes: 100_000_000,
  mediaMaxPixels: 50_000_000,
  mediaQuotaBytes: 5_000_000_000,
};

/** Fixed by the protocol, the same on every server. */
export const fixed = {
  /** The only WebSocket subprotocol. */
  subprotocol: 'carpenter.v1',
  /** Conversations in `ready`; the rest comes by cursor. */
  readyConversations: 50,
  /** Up to this many members: receipts, presence and joins are told to everybody in the room. */
  smallRoom: 100,
  /** Above this many members typing is not told any more. */
  largeRoom: 1_000,
  /** Counting unread messages stops here; shown as "99+". */
  unreadMax: 100,
  /** Different reactions on one message. */
  reactionsMax: 20,
  /** People named with a reaction or an answer; the rest is paged. */
  firstMax: 5,
  pinsMax: 100,
  pollOptionsMin: 2,
  pollOptionsMax: 10,
  pollOptionMaxChars: 100,
  /** Conversations that one person is in and threads they follow, together; others bring them into no more than the second. */
  conversationsMax: 10_000,
  conversationsByOthersMax: 8_000,
  /** Files in one message. */
  attachmentsMax: 10,
  /** Uploads of one person that are not finished. */
  uploadsMax: 100,
  /** Parts of one upload. */
  uploadPartsMax: 10_000,
  /** A file that is in no message, and an upload that does not go on, are thrown away after so many days. */
  unusedMediaDays: 7,
  /** Messages of one person that wait for their time, and how far away that may be. */
  scheduledMax: 200,
  scheduledDays: 366,
  /** Unicode code points of a search, and how many words and filters it has. */
  searchMaxChars: 500,
  searchMaxTerms: 20,
  /** History page: default and maximum. */
  pageDefault: 50,
  pageMax: 200,
  /** A typing sign ends by itself. */
  typingMs: 6_000,
  /** "left" is told this long after the last connection went. */
  leftAfterMs: 30_000,
  /** A connection must authenticate within this time. */
  authWithinMs: 10_000,
  /** `auth.expiring` comes this long before the end. */
  expiryWarningMs: 60_000,
} as const;
