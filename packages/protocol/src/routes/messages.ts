import { z } from 'zod';
import { draft } from '../commands.ts';
import { time } from '../ids.ts';
import { message, notice, owns } from '../message.ts';
import { cursor, inQuery, limit, ofConversation, ofMessage, route } from './route.ts';

const sent = z.object({
  message,
  duplicate: z.boolean().optional(),
  notices: z.array(notice).optional(),
});
export const messagePage = z.object({
  messages: z.array(message),
  hasBefore: z.boolean(),
  hasAfter: z.boolean(),
  own: owns.optional(),
});
export type MessagePage = z.infer<typeof messagePage>;

export const messageRoutes = {
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
    refusals: [
      'conversation.unknown',
      'conversation.archived',
      'conversation.restricted',
      'conversation.too_many',
      'message.empty',
      'message.too_long',
      'message.unstorable',
      'message.reply_unknown',
      'message.unknown',
      'poll.options',
      'poll.in_thread_only',
      'poll.forwarded',
    ],
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
      'conversation.archived',
      'conversation.restricted',
      'message.unknown',
      'message.not_yours',
      'message.deleted',
      'message.forwarded',
      'message.empty',
      'message.too_long',
      'message.unstorable',
    ],
  }),
  editHistory: route({
    method: 'GET',
    path: '/conversations/:id/messages/:seq/history',
    summary: 'What an edited message said before, not its present text: the latest page, oldest first.',
    params: ofMessage,
    query: z.object({ limit, cursor }),
    answers: {
      200: z.object({
        versions: z.array(z.object({ text: z.string(), at: time })),
        /** For what it said before these. */
        next: z.string().optional(),
      }),
    },
    refusals: ['conversation.unknown', 'message.unknown', 'cursor.invalid'],
  }),
  deleteMessage: route({
    method: 'DELETE',
    path: '/conversations/:id/messages/:seq',
    summary: 'Delete my message; it keeps its place and loses its content.',
    params: ofMessage,
    answers: { 200: message },
    refusals: ['conversation.unknown', 'message.unknown', 'message.not_yours'],
  }),
} as const;
