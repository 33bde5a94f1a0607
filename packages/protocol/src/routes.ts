import { z } from 'zod';
import { draft } from './commands.ts';
import { changes, event, heads } from './events.ts';
import { id, rev, seq, time } from './ids.ts';
import { fixed } from './limits.ts';
import type { RefusalCode } from './refusals.ts';
import { displayName, password, topic, username } from './text.ts';
import {
  conversation,
  conversationState,
  me,
  member,
  memberRole,
  message,
  preferences,
  presence,
  session,
  user,
} from './things.ts';

/** All of these begin with it. */
export const apiPrefix = '/api/v1';

type Shape = z.ZodType;
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** For people: one line in the API documentation. */
  readonly summary: string;
  /** `bearer` unless said otherwise. */
  readonly open?: true;
  readonly params?: Shape;
  readonly query?: Shape;
  readonly body?: Shape;
  /** Status → body; `null`: no body. */
  readonly answers: Readonly<Record<number, Shape | null>>;
  /** Beside those that every route may give (input.invalid, auth.*, rate.exceeded, storage_unavailable, server.*). */
  readonly refusals?: readonly RefusalCode[];
}
const route = <const R extends Route>(r: R): R => r;

const ofConversation = z.object({ id });
const ofMessage = z.object({ id, seq: z.coerce.number().pipe(seq) });
const ofMember = z.object({ id, userId: id });
const limit = z.coerce.number().pipe(z.int().min(1).max(fixed.pageMax)).default(fixed.pageDefault);
const cursor = z.string().min(1).max(200).optional();
const inQuery = { seq: z.coerce.number().pipe(seq).optional(), rev: z.coerce.number().pipe(rev) };

/** How the refresh token travels: in an HttpOnly cookie (browsers), or in the body (programs). */
const refreshBy = z.enum(['cookie', 'body']).default('cookie');
const loggedIn = z.object({ user: me, accessToken: z.string(), expiresAt: time, refreshToken: z.string().optional() });
export type LoggedIn = z.infer<typeof loggedIn>;

const conversationDetail = conversationState.extend({
  /** In rooms of up to 100 members; page through `/members` in larger ones. */
  members: z.array(member).optional(),
  users: z.array(user),
  presence: z.array(presence),
});
export type ConversationDetail = z.infer<typeof conversationDetail>;
const sent = z.object({ message, duplicate: z.boolean().optional() });
export const messagePage = z.object({ messages: z.array(message), hasBefore: z.boolean(), hasAfter: z.boolean() });
export type MessagePage = z.infer<typeof messagePage>;

export const api = {
  register: route({
    method: 'POST',
    path: '/auth/register',
    open: true,
    summary: 'Make an account; the first one is the owner.',
    body: z.object({ username, displayName: displayName.optional(), password, refresh: refreshBy }),
    answers: { 201: loggedIn },
    refusals: ['account.taken', 'auth.too_many', 'auth.busy'],
  }),
  login: route({
    method: 'POST',
    path: '/auth/login',
    open: true,
    summary: 'Log in with a password.',
    body: z.object({ username: z.string().max(200), password: z.string().max(1_000), refresh: refreshBy }),
    answers: { 200: loggedIn },
    refusals: ['auth.wrong', 'auth.too_many', 'auth.busy', 'auth.suspended'],
  }),
  refresh: route({
    method: 'POST',
    path: '/auth/refresh',
    open: true,
    summary: 'A new access token, and the next refresh token.',
    body: z.object({ refreshToken: z.string().max(500).optional() }),
    answers: { 200: loggedIn },
    refusals: ['auth.refresh_invalid', 'auth.refresh_reused', 'auth.suspended'],
  }),
  logout: route({ method: 'POST', path: '/auth/logout', summary: 'End this session.', answers: { 204: null } }),
  usernameFree: route({
    method: 'GET',
    path: '/auth/username',
    open: true,
    summary: 'Is this username free?',
    query: z.object({ username }),
    answers: { 200: z.object({ free: z.boolean() }) },
    refusals: ['auth.too_many'],
  }),
  sessions: route({
    method: 'GET',
    path: '/auth/sessions',
    summary: 'Where I am logged in.',
    answers: { 200: z.object({ sessions: z.array(session) }) },
  }),
  endSession: route({
    method: 'DELETE',
    path: '/auth/sessions/:id',
    summary: 'Log one of my devices out.',
    params: z.object({ id }),
    answers: { 204: null },
    refusals: ['session.unknown'],
  }),

  me: route({ method: 'GET', path: '/users/me', summary: 'My account.', answers: { 200: me } }),
  updateMe: route({
    method: 'PATCH',
    path: '/users/me',
    summary: 'Change my name or preferences; given preferences replace single keys.',
    body: z.object({ displayName: displayName.optional(), preferences: preferences.optional() }),
    answers: { 200: me },
  }),
  users: route({
    method: 'GET',
    path: '/users',
    summary: 'Find people by name, or look up to 100 up by id.',
    query: z.object({
      q: z.string().max(64).optional(),
      ids: z.string().max(4_000).optional().describe('Ids, separated by commas.'),
      limit,
      cursor,
    }),
    answers: { 200: z.object({ users: z.array(user), next: z.string().optional() }) },
    refusals: ['cursor.invalid'],
  }),
  user: route({
    method: 'GET',
    path: '/users/:id',
    summary: 'One person.',
    params: z.object({ id }),
    answers: { 200: user },
    refusals: ['user.unknown'],
  }),

  conversations: route({
    method: 'GET',
    path: '/conversations',
    summary: 'My conversations, latest first.',
    query: z.object({ limit, cursor }),
    answers: {
      200: z.object({ conversations: z.array(conversationState), users: z.array(user), next: z.string().optional() }),
    },
    refusals: ['cursor.invalid'],
  }),
  createConversation: route({
    method: 'POST',
    path: '/conversations',
    summary: 'Begin a conversation; a direct one of two people exists once (200: it was there).',
    body: z.discriminatedUnion('type', [
      z.object({ type: z.literal('direct'), userId: id }),
      z.object({ type: z.literal('group'), name: displayName, memberIds: z.array(id).max(5_000).default([]) }),
    ]),
    answers: { 200: conversationDetail, 201: conversationDetail },
    refusals: ['user.unknown', 'conversation.with_self', 'conversation.full'],
  }),
  conversation: route({
    method: 'GET',
    path: '/conversations/:id',
    summary: 'One conversation, with its members where they are few.',
    params: ofConversation,
    answers: { 200: conversationDetail },
    refusals: ['conversation.unknown'],
  }),
  updateConversation: route({
    method: 'PATCH',
    path: '/conversations/:id',
    summary: 'Change name or topic of a group.',
    params: ofConversation,
    body: z.object({ name: displayName.optional(), topic: topic.optional() }),
    answers: { 200: conversation },
    refusals: ['conversation.unknown', 'conversation.is_direct', 'member.not_allowed'],
  }),

  members: route({
    method: 'GET',
    path: '/conversations/:id/members',
    summary: 'Who is in it.',
    params: ofConversation,
    query: z.object({ limit, cursor }),
    answers: { 200: z.object({ members: z.array(member), users: z.array(user), next: z.string().optional() }) },
    refusals: ['conversation.unknown', 'cursor.invalid'],
  }),
  addMembers: route({
    method: 'POST',
    path: '/conversations/:id/members',
    summary: 'Add people to a group; who is in it already stays as they are.',
    params: ofConversation,
    body: z.object({ userIds: z.array(id).min(1).max(100) }),
    answers: { 200: conversation },
    refusals: [
      'conversation.unknown',
      'conversation.is_direct',
      'conversation.full',
      'user.unknown',
      'member.not_allowed',
    ],
  }),
  updateMember: route({
    method: 'PATCH',
    path: '/conversations/:id/members/:userId',
    summary: 'Give a member another role.',
    params: ofMember,
    body: z.object({ role: memberRole }),
    answers: { 200: conversation },
    refusals: [
      'conversation.unknown',
      'conversation.is_direct',
      'conversation.last_owner',
      'member.unknown',
      'member.not_allowed',
    ],
  }),
  removeMember: route({
    method: 'DELETE',
    path: '/conversations/:id/members/:userId',
    summary: 'Take somebody out of a group.',
    params: ofMember,
    answers: { 204: null },
    refusals: [
      'conversation.unknown',
      'conversation.is_direct',
      'conversation.last_owner',
      'member.unknown',
      'member.not_allowed',
    ],
  }),
  leave: route({
    method: 'POST',
    path: '/conversations/:id/leave',
    summary: 'Leave a group.',
    params: ofConversation,
    answers: { 204: null },
    refusals: ['conversation.unknown', 'conversation.is_direct', 'conversation.last_owner'],
  }),

  messages: route({
    method: 'GET',
    path: '/conversations/:id/messages',
    summary: 'History, ascending; the newest page without a cursor.',
    params: ofConversation,
    query: z.object({
      before: inQuery.seq,
      after: z.coerce.number().pipe(z.int().min(0)).optional(),
      around: inQuery.seq,
      limit,
    }),
    answers: { 200: messagePage },
    refusals: ['conversation.unknown', 'cursor.conflict'],
  }),
  sendMessage: route({
    method: 'POST',
    path: '/conversations/:id/messages',
    summary: 'Send (200: this clientId was stored before).',
    params: ofConversation,
    body: draft,
    answers: { 200: sent, 201: sent },
    refusals: ['conversation.unknown', 'message.empty', 'message.too_long', 'message.unstorable'],
  }),
  message: route({
    method: 'GET',
    path: '/conversations/:id/messages/:seq',
    summary: 'One message.',
    params: ofMessage,
    answers: { 200: message },
    refusals: ['conversation.unknown', 'message.unknown'],
  }),
  editMessage: route({
    method: 'PATCH',
    path: '/conversations/:id/messages/:seq',
    summary: 'Change the text of my message.',
    params: ofMessage,
    body: z.object({ text: z.string() }),
    answers: { 200: message },
    refusals: [
      'conversation.unknown',
      'message.unknown',
      'message.not_yours',
      'message.deleted',
      'message.empty',
      'message.too_long',
      'message.unstorable',
    ],
  }),
  deleteMessage: route({
    method: 'DELETE',
    path: '/conversations/:id/messages/:seq',
    summary: 'Delete my message; it keeps its place and loses its content.',
    params: ofMessage,
    answers: { 200: message },
    refusals: ['conversation.unknown', 'message.unknown', 'message.not_yours'],
  }),
  changes: route({
    method: 'GET',
    path: '/conversations/:id/changes',
    summary: 'What changed since a rev.',
    params: ofConversation,
    query: z.object({ since: inQuery.rev, limit: z.coerce.number().pipe(z.int().min(1).max(200)).optional() }),
    answers: { 200: changes },
    refusals: ['conversation.unknown'],
  }),
  markRead: route({
    method: 'PUT',
    path: '/conversations/:id/read',
    summary: 'I have viewed everything up to here.',
    params: ofConversation,
    body: z.object({ seq }),
    answers: { 204: null },
    refusals: ['conversation.unknown'],
  }),
  markDelivered: route({
    method: 'PUT',
    path: '/conversations/:id/delivered',
    summary: 'A device of mine has everything up to here.',
    params: ofConversation,
    body: z.object({ seq }),
    answers: { 204: null },
    refusals: ['conversation.unknown'],
  }),
  markUnread: route({
    method: 'PUT',
    path: '/conversations/:id/unread',
    summary: 'Count this message and the later ones as unread, for me alone.',
    params: ofConversation,
    body: z.object({ seq }),
    answers: { 204: null },
    refusals: ['conversation.unknown', 'message.unknown'],
  }),
  heads: route({
    method: 'GET',
    path: '/heads',
    summary: 'Counters of my conversations that changed since `at`.',
    query: z.object({ at: time.optional() }),
    answers: { 200: heads },
  }),
  command: route({
    method: 'POST',
    path: '/commands',
    summary: 'Any WebSocket command (but auth) over HTTP; answers with its event, or 204 where it has none.',
    body: z.looseObject({}),
    answers: { 200: event, 204: null },
    refusals: ['frame.malformed', 'frame.unknown_type', 'conversation.unknown', 'message.unknown'],
  }),
} as const satisfies Record<string, Route>;
export type Api = typeof api;
export type RouteName = keyof Api;

/** RFC 9457, `application/problem+json`: the body of every refusal over HTTP. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  retryAfterMs: z.int().optional(),
  details: z.record(z.string(), z.json()).optional(),
});
export type Problem = z.infer<typeof problem>;

/** `GET /version`, outside the prefix and open to all. */
export const versionAnswer = z.object({
  name: z.literal('carpenter'),
  version: z.string(),
  protocol: z.int(),
  node: z.string(),
  startedAt: time,
  /** Nobody has an account yet: the next one becomes the owner. */
  firstAccount: z.boolean(),
});
export type VersionAnswer = z.infer<typeof versionAnswer>;
