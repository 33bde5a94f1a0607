import { z } from 'zod';
import { id, time } from '../ids.ts';
import { displayName, password, username } from '../text.ts';
import { me, session } from '../things.ts';
import { inviteCode } from './invites.ts';
import { route } from './route.ts';

/** How the refresh token travels: in an HttpOnly cookie (browsers), or in the body (programs). */
const refreshBy = z.enum(['cookie', 'body']).default('cookie');
const loggedIn = z.object({ user: me, accessToken: z.string(), expiresAt: time, refreshToken: z.string().optional() });
export type LoggedIn = z.infer<typeof loggedIn>;
const registered = loggedIn.extend({
  /** Why the invite led nowhere yet, though the account was made: accept it again, it is not used up for this account. */
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type Registered = z.infer<typeof registered>;

export const authRoutes = {
  register: route({
    method: 'POST',
    path: '/auth/register',
    open: true,
    summary: 'Make an account; the first one is the owner.',
    body: z.object({
      username,
      displayName: displayName.optional(),
      password,
      refresh: refreshBy,
      /** Code of an invite link: opens a closed registration, and leads into its conversations. */
      invite: inviteCode.optional(),
    }),
    answers: { 201: registered },
    refusals: [
      'account.taken',
      'account.registration_closed',
      'invite.unknown',
      'invite.expired',
      'invite.used_up',
      'invite.withdrawn',
      'auth.too_many',
      'auth.busy',
    ],
  }),
  login: route({
    method: 'POST',
    path: '/auth/login',
    open: true,
    summary: 'Log in with a password.',
    body: z.object({ username: z.string().max(200), password: z.string().max(1_000), refresh: refreshBy }),
    answers: { 200: loggedIn },
    refusals: ['auth.wrong', 'auth.too_many', 'auth.busy', 'auth.suspended'],
  }),
  refresh: route({
    method: 'POST',
    path: '/auth/refresh',
    open: true,
    summary: 'A new access token, and the next refresh token.',
    body: z.object({ refreshToken: z.string().max(500).optional() }),
    answers: { 200: loggedIn },
    refusals: ['auth.refresh_invalid', 'auth.refresh_reused', 'auth.suspended'],
  }),
  logout: route({ method: 'POST', path: '/auth/logout', summary: 'End this session.', answers: { 204: null } }),
  changePassword: route({
    method: 'POST',
    path: '/auth/password',
    summary: 'Another password for me; ends all my other sessions.',
    body: z.object({ current: z.string().max(1_000), next: password }),
    answers: { 204: null },
    refusals: ['auth.wrong_password', 'auth.too_many', 'auth.busy'],
  }),
  usernameFree: route({
    method: 'GET',
    path: '/auth/username',
    open: true,
    summary: 'Is this username free?',
    query: z.object({ username }),
    answers: { 200: z.object({ free: z.boolean() }) },
    refusals: ['auth.too_many'],
  }),
  sessions: route({
    method: 'GET',
    path: '/auth/sessions',
    summary: 'Where I am logged in.',
    answers: { 200: z.object({ sessions: z.array(session) }) },
  }),
  endSession: route({
    method: 'DELETE',
    path: '/auth/sessions/:id',
    summary: 'Log one of my devices out.',
    params: z.object({ id }),
    answers: { 204: null },
    refusals: ['session.unknown'],
  }),
} as const;
