import { z } from 'zod';
import { id, time } from '../ids.ts';
import { displayName, topic } from '../text.ts';
import {
  conversation,
  conversationState,
  member,
  mySettings,
  notifyLevel,
  presence,
  user,
  visibility,
} from '../things.ts';
import { cursor, limit, ofConversation, route } from './route.ts';

export const conversationDetail = conversationState.extend({
  /** In rooms of up to 100 members; page through `/members` in larger ones. */
  members: z.array(member).optional(),
  users: z.array(user),
  presence: z.array(presence),
});
export type ConversationDetail = z.infer<typeof conversationDetail>;

const memberIds = z.array(id).max(5_000).default([]);

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
      z.object({ type: z.literal('group'), name: displayName, memberIds }),
      z.object({
        type: z.literal('channel'),
        name: displayName,
        topic: topic.optional(),
        visibility: visibility.default('public'),
        memberIds,
      }),
    ]),
    answers: { 200: conversationDetail, 201: conversationDetail },
    refusals: [
      'user.unknown',
      'user.full',
      'conversation.with_self',
      'conversation.full',
      'conversation.too_many',
      'conversation.name_taken',
      'guest.not_allowed',
    ],
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
    summary: 'Change name, topic, picture, who finds it, who writes in it, or archive it.',
    params: ofConversation,
    body: z.object({
      name: displayName.optional(),
      topic: topic.optional(),
      pictureId: id.nullable().optional().describe('A picture that I may have; null: none any more.'),
      visibility: visibility.optional(),
      writers: z.enum(['everybody', 'moderators']).optional(),
      archived: z.boolean().optional(),
    }),
    answers: { 200: conversation },
    refusals: [
      'conversation.unknown',
      'conversation.is_direct',
      'conversation.is_thread',
      'conversation.not_channel',
      'conversation.name_taken',
      'conversation.archived',
      'member.not_allowed',
      'media.unknown',
      'media.not_a_picture',
    ],
  }),
  deleteConversation: route({
    method: 'DELETE',
    path: '/conversations/:id',
    summary: 'Delete a group or channel for everybody, with all that is in it.',
    params: ofConversation,
    answers: { 204: null },
    refusals: ['conversation.unknown', 'conversation.is_direct', 'conversation.is_thread', 'member.not_allowed'],
  }),
  updateMine: route({
    method: 'PATCH',
    path: '/conversations/:id/mine',
    summary: 'Change how I keep a conversation; null takes a setting away.',
    params: ofConversation,
    body: z.object({
      notify: notifyLevel.nullable().optional(),
      mutedUntil: time.nullable().optional(),
      keywords: z.array(displayName).max(20).nullable().optional(),
      pinned: z.number().min(-1e9).max(1e9).nullable().optional(),
      archived: z.boolean().optional(),
      folder: displayName.nullable().optional(),
    }),
    answers: { 200: mySettings },
    refusals: ['conversation.unknown'],
  }),
} as const;
