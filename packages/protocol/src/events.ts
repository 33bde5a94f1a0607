import { z } from 'zod';
import { id, ref, rev, seq, time } from './ids.ts';
import { limits } from './limits.ts';
import { message, notice, owns } from './message.ts';
import { bookmark, scheduled, unsent } from './personal.ts';
import { emoji } from './text.ts';
import {
  conversation,
  conversationState,
  head,
  me,
  member,
  mine,
  mySettings,
  presence,
  receipt,
  user,
} from './things.ts';

/** Every durable event says which `rev` it brings: `mine + 1` apply, lower drop, higher: something was missed, `sync`. */
const durable = { conversationId: id, rev };
const base = { ref: ref.optional() };

/** Answer to `sync` and body of `GET …/changes`: each changed message once, as it is now, oldest change first. */
export const changes = z.object({
  conversationId: id,
  epoch: z.string(),
  /** Have everything up to here after applying. With `more`, go on from it. */
  rev,
  lastSeq: z.int().min(0),
  messages: z.array(message),
  more: z.boolean(),
  /** `since` was too far back or from another time: throw away what you have, this is the newest page. */
  reset: z.boolean().optional(),
  /** When it changed since, with its members in rooms of up to 100. */
  conversation: conversation.optional(),
  members: z.array(member).optional(),
  mine,
  own: owns.optional(),
});
export type Changes = z.infer<typeof changes>;

export const heads = z.object({ epoch: z.string(), at: time, heads: z.array(head) });
export type Heads = z.infer<typeof heads>;

export const event = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    ...base,
    sessionId: id,
    epoch: z.string(),
    version: z.string(),
    user: me,
    serverTime: time,
    expiresAt: time,
    heartbeatMs: z.int(),
    limits,
    /** My 50 latest, and where the list goes on. */
    conversations: z.array(conversationState),
    next: z.string().optional(),
    /** People named in them, and the presence of those whom I may see. */
    users: z.array(user),
    presence: z.array(presence),
    /** Whom I have blocked. */
    blocked: z.array(id).optional(),
  }),
  /** Stands for the event on the socket that sent the command. */
  z.object({
    type: z.literal('ack'),
    ...base,
    message,
    duplicate: z.boolean().optional(),
    notices: z.array(notice).optional(),
  }),
  z.object({
    type: z.literal('error'),
    ...base,
    code: z.string(),
    message: z.string(),
    retryAfterMs: z.int().optional(),
    details: z.record(z.string(), z.json()).optional(),
  }),
  z.object({ type: z.literal('message.created'), ...durable, message }),
  z.object({
    type: z.literal('message.updated'),
    ...durable,
    message,
    change: z.enum(['edit', 'reaction', 'pin', 'poll', 'thread', 'preview']),
    /** Whose reaction it was. */
    reaction: z.object({ userId: id, emoji, added: z.boolean() }).optional(),
    /** Whose votes they are now. */
    vote: z.object({ userId: id, votes: z.array(z.int()) }).optional(),
  }),
  z.object({ type: z.literal('message.deleted'), ...durable, message }),
  /** I am in a conversation that I did not know; carries what the list needs. */
  z.object({ type: z.literal('conversation.added'), ...durable, state: conversationState, users: z.array(user) }),
  z.object({ type: z.literal('conversation.updated'), ...durable, conversation, members: z.array(member).optional() }),
  z.object({ type: z.literal('conversation.removed'), ...durable }),
  /** How I keep a conversation has changed, on another device perhaps. To my own connections only. */
  z.object({ type: z.literal('conversation.mine'), conversationId: id, settings: mySettings }),
  /** Whom I have blocked, from now on. To my own connections only. */
  z.object({ type: z.literal('blocks'), userIds: z.array(id) }),
  /** A report came or was settled: to those who may settle it. */
  z.object({ type: z.literal('report.changed'), reportId: id, open: z.boolean() }),
  /**
   * Something may have happened that this connection was not told: it was too slow, or it began to `watch` at this moment. `sync` if
   * `rev` is new to you.
   */
  z.object({ type: z.literal('activity'), ...durable, lastSeq: z.int().min(0) }),
  z.object({ type: z.literal('receipt'), conversationId: id, ...receipt.shape, unreadFrom: seq.optional() }),
  z.object({ type: z.literal('typing'), conversationId: id, userId: id, active: z.boolean() }),
  z.object({
    type: z.literal('presence'),
    ...presence.shape,
    username: z.string(),
    event: z.enum(['joined', 'left', 'changed']),
  }),
  z.object({ type: z.literal('user.updated'), user }),
  /** To my own connections, as are the next five. */
  z.object({ type: z.literal('me.updated'), user: me }),
  z.object({ type: z.literal('draft.updated'), draft: unsent }),
  z.object({ type: z.literal('bookmark.updated'), bookmark }),
  z.object({ type: z.literal('bookmark.removed'), conversationId: id, seq }),
  z.object({ type: z.literal('scheduled.updated'), scheduled }),
  /** It was sent (as message `seq`), or withdrawn. */
  z.object({ type: z.literal('scheduled.removed'), id, conversationId: id, seq: seq.optional() }),
  z.object({ type: z.literal('changes'), ...base, ...changes.shape }),
  z.object({ type: z.literal('heads'), ...base, ...heads.shape }),
  z.object({ type: z.literal('pong'), ...base, serverTime: time }),
  z.object({ type: z.literal('auth.expiring'), expiresAt: time }),
  z.object({ type: z.literal('auth.renewed'), ...base, expiresAt: time }),
  /** The last frame before the server ends the connection. */
  z.object({ type: z.literal('closing'), code: z.int(), message: z.string(), retryAfterMs: z.int().optional() }),
]);
export type Event = z.infer<typeof event>;
export type EventType = Event['type'];
export type EventOf<T extends EventType> = Extract<Event, { type: T }>;
/** One handler for each kind of event: a forgotten one does not compile. */
export type Handlers = { [T in EventType]: (event: EventOf<T>) => void };
