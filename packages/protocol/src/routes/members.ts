import { z } from 'zod';
import { id } from '../ids.ts';
import { memberRole } from '../roles.ts';
import { conversation, member, user } from '../things.ts';
import { cursor, limit, ofConversation, ofMember, route } from './route.ts';

export const memberRoutes = {
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
      'conversation.is_thread',
      'conversation.full',
      'user.unknown',
      'user.full',
      'conversation.archived',
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
      'conversation.is_thread',
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
      'conversation.is_thread',
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
    refusals: ['conversation.unknown', 'conversation.is_direct', 'conversation.is_thread', 'conversation.last_owner'],
  }),
} as const;
