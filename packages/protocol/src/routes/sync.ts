import { z } from 'zod';
import { changes, event, heads } from '../events.ts';
import { seq, time } from '../ids.ts';
import { inQuery, ofConversation, route } from './route.ts';

export const syncRoutes = {
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
} as const;
