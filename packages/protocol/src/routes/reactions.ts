import { z } from 'zod';
import { votes } from '../commands.ts';
import { id, time } from '../ids.ts';
import { message, owns } from '../message.ts';
import { emoji } from '../text.ts';
import { user } from '../things.ts';
import { cursor, limit, ofConversation, ofMessage, route } from './route.ts';

const ofReaction = ofMessage.extend({ emoji });
const ofAnswer = ofMessage.extend({ option: z.coerce.number().pipe(z.int().min(0).max(9)) });
const people = z.object({
  people: z.array(z.object({ userId: id, at: time })),
  users: z.array(user),
  next: z.string().optional(),
});
export type ChosenBy = z.infer<typeof people>;
const unknown = ['conversation.unknown', 'message.unknown'] as const;
const closed = [...unknown, 'conversation.archived'] as const;

/** What people do to a message beside writing it: react, pin, vote. */
export const reactionRoutes = {
  react: route({
    method: 'PUT',
    path: '/conversations/:id/messages/:seq/reactions/:emoji',
    summary: 'React; again changes nothing.',
    params: ofReaction,
    answers: { 200: message },
    refusals: [...closed, 'message.deleted', 'reaction.too_many'],
  }),
  unreact: route({
    method: 'DELETE',
    path: '/conversations/:id/messages/:seq/reactions/:emoji',
    summary: 'Take my reaction back.',
    params: ofReaction,
    answers: { 200: message },
    refusals: closed,
  }),
  reactedBy: route({
    method: 'GET',
    path: '/conversations/:id/messages/:seq/reactions/:emoji',
    summary: 'Who reacted so, first ones first.',
    params: ofReaction,
    query: z.object({ limit, cursor }),
    answers: { 200: people },
    refusals: [...unknown, 'cursor.invalid'],
  }),
  pin: route({
    method: 'PUT',
    path: '/conversations/:id/messages/:seq/pin',
    summary: 'Pin a message for everybody here.',
    params: ofMessage,
    answers: { 200: message },
    refusals: [...closed, 'message.deleted', 'member.not_allowed', 'pin.too_many'],
  }),
  unpin: route({
    method: 'DELETE',
    path: '/conversations/:id/messages/:seq/pin',
    summary: 'Unpin it.',
    params: ofMessage,
    answers: { 200: message },
    refusals: [...closed, 'member.not_allowed'],
  }),
  pins: route({
    method: 'GET',
    path: '/conversations/:id/pins',
    summary: 'Pinned messages, latest pin first.',
    params: ofConversation,
    query: z.object({ limit, cursor }),
    answers: { 200: z.object({ messages: z.array(message), own: owns.optional(), next: z.string().optional() }) },
    refusals: ['conversation.unknown', 'cursor.invalid'],
  }),
  vote: route({
    method: 'PUT',
    path: '/conversations/:id/messages/:seq/votes',
    summary: 'My votes from now on: numbers of the options, from 0; none takes them back.',
    params: ofMessage,
    body: z.object({ votes }),
    answers: { 200: message },
    refusals: [...closed, 'poll.none', 'poll.closed', 'poll.vote'],
  }),
  votedBy: route({
    method: 'GET',
    path: '/conversations/:id/messages/:seq/votes/:option',
    summary: 'Who chose this answer, first ones first.',
    params: ofAnswer,
    query: z.object({ limit, cursor }),
    answers: { 200: people },
    refusals: [...unknown, 'cursor.invalid'],
  }),
  closePoll: route({
    method: 'POST',
    path: '/conversations/:id/messages/:seq/close',
    summary: 'End my poll.',
    params: ofMessage,
    answers: { 200: message },
    refusals: [...closed, 'poll.none', 'message.not_yours'],
  }),
  mentions: route({
    method: 'GET',
    path: '/mentions',
    summary: 'Messages that mention me, latest first.',
    query: z.object({ limit, cursor }),
    answers: { 200: z.object({ messages: z.array(message), users: z.array(user), next: z.string().optional() }) },
    refusals: ['cursor.invalid'],
  }),
} as const;
