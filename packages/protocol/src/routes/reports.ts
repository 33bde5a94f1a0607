import { z } from 'zod';
import { id, seq, time } from '../ids.ts';
import { message } from '../message.ts';
import { storableText } from '../text.ts';
import { conversationType, user } from '../things.ts';
import { cursor, limit, ofMessage, route } from './route.ts';

export const reportReason = z.enum(['spam', 'harassment', 'hate', 'private', 'other']);
export type ReportReason = z.infer<typeof reportReason>;
/** What came of a report. The acts themselves (deleting, removing) are done like any other. */
export const reportOutcome = z.enum(['acted', 'dismissed']);
export type ReportOutcome = z.infer<typeof reportOutcome>;

/** A reported message with what stood around it when it was reported, so that deleting it hides nothing from moderators. */
export const report = z.object({
  id,
  conversationId: id,
  conversationType,
  conversationName: z.string().optional(),
  seq,
  /** Whose message it is. */
  sender: id,
  reportedBy: id,
  reason: reportReason,
  text: z.string(),
  createdAt: time,
  /** Up to three before, the message, up to two after. */
  context: z.array(message),
  resolvedAt: time.optional(),
  resolvedBy: id.optional(),
  outcome: reportOutcome.optional(),
});
export type Report = z.infer<typeof report>;

export const reportRoutes = {
  reportMessage: route({
    method: 'POST',
    path: '/conversations/:id/messages/:seq/report',
    summary: 'Report a message to those who moderate here; again changes nothing.',
    params: ofMessage,
    body: z.object({ reason: reportReason, text: storableText(500).default('') }),
    answers: { 204: null },
    refusals: ['conversation.unknown', 'message.unknown', 'message.deleted', 'report.own'],
  }),
  reports: route({
    method: 'GET',
    path: '/reports',
    summary: 'Reports that I may settle: of where I moderate; of direct conversations for the owner of the server.',
    query: z.object({ state: z.enum(['open', 'resolved']).default('open'), limit, cursor }),
    answers: {
      200: z.object({ reports: z.array(report), users: z.array(user), open: z.int(), next: z.string().optional() }),
    },
    refusals: ['cursor.invalid'],
  }),
  resolveReport: route({
    method: 'POST',
    path: '/reports/:id/resolve',
    summary: 'Settle a report; settled already, it stays as it is.',
    params: z.object({ id }),
    body: z.object({ outcome: reportOutcome }),
    answers: { 200: report },
    refusals: ['report.unknown'],
  }),
} as const;
