import { z } from 'zod';
import { id } from '../ids.ts';
import { displayName, topic } from '../text.ts';
import { conversation, conversationState, member, presence, user } from '../things.ts';
import { cursor, limit, ofConversation, route } from './route.ts';

const conversationDetail = conversationState.extend({
  /** In rooms of up to 100 members; page through `/members` in larger ones. */
  members: z.array(member).optional(),
  users: z.array(user),
  presence: z.array(presence),
});
export type ConversationDetail = z.infer<typeof conversationDetail>;

export const conversationRoutes = {
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
} as const;
