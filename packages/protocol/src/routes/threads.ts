import { z } from 'zod';
import { message } from '../message.ts';
import { conversationState, user } from '../things.ts';
import { conversationDetail } from './conversations.ts';
import { cursor, limit, ofConversation, ofMessage, route } from './route.ts';

const threadRow = z.object({
  state: conversationState,
  /** What it hangs on. */
  root: message,
});
export type ThreadRow = z.infer<typeof threadRow>;

/** A thread is a conversation whose parent is a message: everything else is done as in any conversation. */
export const threadRoutes = {
  thread: route({
    method: 'POST',
    path: '/conversations/:id/messages/:seq/thread',
    summary: 'The thread of a message, made on first use (201).',
    params: ofMessage,
    answers: { 200: conversationDetail, 201: conversationDetail },
    refusals: ['conversation.unknown', 'conversation.archived', 'message.unknown', 'message.no_thread'],
  }),
  threads: route({
    method: 'GET',
    path: '/threads',
    summary: 'The threads I follow, unread ones first.',
    query: z.object({ limit, cursor }),
    answers: { 200: z.object({ threads: z.array(threadRow), users: z.array(user), next: z.string().optional() }) },
    refusals: ['cursor.invalid'],
  }),
  follow: route({
    method: 'PUT',
    path: '/conversations/:id/follow',
    summary: 'Follow a thread: it counts and tells as unread.',
    params: ofConversation,
    answers: { 204: null },
    refusals: ['conversation.unknown', 'conversation.too_many', 'message.no_thread'],
  }),
  unfollow: route({
    method: 'DELETE',
    path: '/conversations/:id/follow',
    summary: 'Do not follow it any more.',
    params: ofConversation,
    answers: { 204: null },
    refusals: ['conversation.unknown', 'message.no_thread'],
  }),
} as const;
