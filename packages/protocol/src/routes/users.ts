import { z } from 'zod';
import { id } from '../ids.ts';
import { preferencesPatch } from '../preferences.ts';
import { profilePatch } from '../profile.ts';
import { displayName } from '../text.ts';
import { me, user } from '../things.ts';
import { cursor, limit, route } from './route.ts';

export const userRoutes = {
  me: route({ method: 'GET', path: '/users/me', summary: 'My account.', answers: { 200: me } }),
  updateMe: route({
    method: 'PATCH',
    path: '/users/me',
    summary: 'Change my profile or preferences; given keys replace kept ones, null and empty texts take them away.',
    body: z.object({
      displayName: displayName.optional(),
      ...profilePatch.shape,
      preferences: preferencesPatch.optional(),
    }),
    answers: { 200: me },
  }),
  users: route({
    method: 'GET',
    path: '/users',
    summary: 'Find people by name, or look up to 100 up by id.',
    query: z.object({
      q: z.string().max(64).optional(),
      ids: z.string().max(4_000).optional().describe('Ids, separated by commas.'),
      limit,
      cursor,
    }),
    answers: { 200: z.object({ users: z.array(user), next: z.string().optional() }) },
    refusals: ['cursor.invalid'],
  }),
  user: route({
    method: 'GET',
    path: '/users/:id',
    summary: 'One person.',
    params: z.object({ id }),
    answers: { 200: user },
    refusals: ['user.unknown'],
  }),
} as const;
