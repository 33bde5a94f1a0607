import { z } from 'zod';
import { id, time } from '../ids.ts';
import { memberRole } from '../roles.ts';
import { cursor, limit, route } from './route.ts';

/** As long as it has to be so that nobody guesses one. */
export const inviteCode = z
  .string()
  .regex(/^[\w-]{22}$/, 'An invite code has 22 letters, digits, dashes or underscores.');
const role = memberRole.exclude(['owner']);

/** A link that brings people in. Only those who may make one see it. */
export const invite = z.object({
  id,
  /** Absent: it leads to more than I may give, so it is not mine to hand on. I may withdraw it all the same. */
  code: inviteCode.optional(),
  createdBy: id,
  createdAt: time,
  /** Absent: it does not expire. */
  expiresAt: time.optional(),
  /** Absent: as often as people like. */
  maxUses: z.int().optional(),
  uses: z.int(),
  role,
  /** Those of them that I am in. */
  conversationIds: z.array(id),
  withdrawnAt: time.optional(),
});
export type Invite = z.infer<typeof invite>;
/** As whoever makes it gets it. */
const freshInvite = invite.extend({ code: inviteCode });
export type FreshInvite = z.infer<typeof freshInvite>;

const over = ['invite.unknown', 'invite.expired', 'invite.used_up', 'invite.withdrawn'] as const;

export const inviteRoutes = {
  invites: route({
    method: 'GET',
    path: '/invites',
    summary: 'Invite links into a conversation, latest first; for those who may make one.',
    query: z.object({ conversationId: id, limit, cursor }),
    answers: { 200: z.object({ invites: z.array(invite), next: z.string().optional() }) },
    refusals: ['conversation.unknown', 'member.not_allowed', 'cursor.invalid'],
  }),
  createInvite: route({
    method: 'POST',
    path: '/invites',
    summary: 'Make an invite link into up to 20 conversations.',
    body: z.object({
      conversationIds: z.array(id).min(1).max(20),
      role: role.default('member'),
      /** At most a year. */
      expiresInSeconds: z.int().min(60).max(31_536_000).optional(),
      maxUses: z.int().min(1).max(10_000).optional(),
    }),
    answers: { 201: freshInvite },
    refusals: ['conversation.unknown', 'conversation.is_direct', 'conversation.archived', 'member.not_allowed'],
  }),
  withdrawInvite: route({
    method: 'DELETE',
    path: '/invites/:code',
    summary: 'Withdraw a link, by its code or its id: nobody comes in by it any more.',
    params: z.object({ code: z.union([inviteCode, id]) }),
    answers: { 204: null },
    refusals: ['invite.unknown'],
  }),
  readInvite: route({
    method: 'GET',
    path: '/invites/:code',
    open: true,
    summary: 'Whether a link still opens; says nothing of where it leads.',
    params: z.object({ code: inviteCode }),
    answers: { 200: z.object({ guest: z.boolean(), expiresAt: time.optional() }) },
    refusals: over,
  }),
  acceptInvite: route({
    method: 'POST',
    path: '/invites/:code/accept',
    summary: 'Come in by a link; answers with the conversations that it leads to.',
    params: z.object({ code: inviteCode }),
    answers: { 200: z.object({ conversationIds: z.array(id) }) },
    refusals: [...over, 'invite.removed', 'conversation.full', 'conversation.too_many'],
  }),
} as const;
