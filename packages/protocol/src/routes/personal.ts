import { z } from 'zod';
import { id, time } from '../ids.ts';
import { bookmark, plan, scheduled, unsent } from '../personal.ts';
import { customStatus } from '../profile.ts';
import { me, user } from '../things.ts';
import { cursor, limit, ofConversation, ofMessage, route } from './route.ts';

const ofScheduled = z.object({ id });

export const personalRoutes = {
  setStatus: route({
    method: 'PUT',
    path: '/users/me/status',
    summary: 'What I am doing, seen by those who share a conversation with me, until it ends.',
    body: customStatus,
    answers: { 200: me },
    refusals: ['time.past'],
  }),
  clearStatus: route({
    method: 'DELETE',
    path: '/users/me/status',
    summary: 'No status any more.',
    answers: { 200: me },
  }),
  drafts: route({
    method: 'GET',
    path: '/drafts',
    summary: 'What I have written and not sent, latest first.',
    query: z.object({ limit, cursor }),
    answers: { 200: z.object({ drafts: z.array(unsent), next: z.string().optional() }) },
    refusals: ['cursor.invalid'],
  }),
  keepDraft: route({
    method: 'PUT',
    path: '/conversations/:id/draft',
    summary: 'Keep what is written here; answers with what counts now, which is what was written last.',
    params: ofConversation,
    body: unsent.omit({ conversationId: true }),
    answers: { 200: unsent },
    refusals: ['conversation.unknown'],
  }),
  bookmarks: route({
    method: 'GET',
    path: '/bookmarks',
    summary: 'Messages that I want to come back to, latest first: those to do, or (`done=true`) those done.',
    query: z.object({ done: z.stringbool().default(false), limit, cursor }),
    answers: {
      200: z.object({ bookmarks: z.array(bookmark), users: z.array(user), next: z.string().optional() }),
    },
    refusals: ['cursor.invalid'],
  }),
  bookmark: route({
    method: 'PUT',
    path: '/conversations/:id/messages/:seq/bookmark',
    summary: 'Bookmark a message, or change the note or whether it is done.',
    params: ofMessage,
    body: z.object({ note: bookmark.shape.note, done: z.boolean().optional() }),
    answers: { 200: bookmark },
    refusals: ['conversation.unknown', 'message.unknown'],
  }),
  removeBookmark: route({
    method: 'DELETE',
    path: '/conversations/:id/messages/:seq/bookmark',
    summary: 'Take a bookmark away.',
    params: ofMessage,
    answers: { 204: null },
    refusals: ['conversation.unknown'],
  }),
  scheduled: route({
    method: 'GET',
    path: '/scheduled',
    summary: 'What I have written for later, the next one first.',
    query: z.object({ limit, cursor }),
    answers: { 200: z.object({ scheduled: z.array(scheduled), next: z.string().optional() }) },
    refusals: ['cursor.invalid'],
  }),
  schedule: route({
    method: 'POST',
    path: '/conversations/:id/scheduled',
    summary: 'Send this later, by itself; until then it can be changed and withdrawn.',
    params: ofConversation,
    body: plan.extend({ sendAt: time }),
    answers: { 201: scheduled },
    refusals: [
      'conversation.unknown',
      'message.empty',
      'message.too_long',
      'message.unstorable',
      'message.reply_unknown',
      'message.unknown',
      'poll.options',
      'poll.in_thread_only',
      'poll.forwarded',
      'media.unknown',
      'time.past',
      'time.too_far',
      'scheduled.too_many',
    ],
  }),
  reschedule: route({
    method: 'PATCH',
    path: '/scheduled/:id',
    summary: 'Another text or time for what was not sent yet.',
    params: ofScheduled,
    body: z.object({ text: plan.shape.text.optional(), sendAt: time.optional() }),
    answers: { 200: scheduled },
    refusals: [
      'scheduled.unknown',
      'message.empty',
      'message.too_long',
      'message.unstorable',
      'media.unknown',
      'time.past',
      'time.too_far',
    ],
  }),
  withdraw: route({
    method: 'DELETE',
    path: '/scheduled/:id',
    summary: 'Do not send it.',
    params: ofScheduled,
    answers: { 204: null },
    refusals: ['scheduled.unknown'],
  }),
} as const;
