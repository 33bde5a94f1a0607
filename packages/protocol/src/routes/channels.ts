import { z } from 'zod';
import { conversation } from '../things.ts';
import { conversationDetail } from './conversations.ts';
import { cursor, limit, ofConversation, route } from './route.ts';

const foundChannel = z.object({
  conversation,
  /** I am in it. */
  joined: z.boolean(),
});
export type FoundChannel = z.infer<typeof foundChannel>;

export const channelRoutes = {
  channels: route({
    method: 'GET',
    path: '/channels',
    summary: 'Public channels that I am in or may join, by name; `q` finds by any part of name or topic.',
    query: z.object({ q: z.string().max(64).optional(), limit, cursor }),
    answers: { 200: z.object({ channels: z.array(foundChannel), next: z.string().optional() }) },
    refusals: ['cursor.invalid'],
  }),
  join: route({
    method: 'POST',
    path: '/conversations/:id/join',
    summary: 'Join a public channel; who is in it stays as they are.',
    params: ofConversation,
    answers: { 200: conversationDetail },
    refusals: [
      'conversation.unknown',
      'conversation.full',
      'conversation.too_many',
      'conversation.archived',
      'member.removed',
    ],
  }),
} as const;
