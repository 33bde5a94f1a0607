import { z } from 'zod';
import { id } from '../ids.ts';
import { route } from './route.ts';

const person = z.object({ id });

/** Blocking is mine alone: nothing tells the other. */
export const blockRoutes = {
  blocks: route({
    method: 'GET',
    path: '/blocks',
    summary: 'Whom I have blocked.',
    answers: { 200: z.object({ userIds: z.array(id) }) },
  }),
  block: route({
    method: 'PUT',
    path: '/users/:id/block',
    summary: 'Block somebody: their direct messages do not reach me, and what they write elsewhere is hidden.',
    params: person,
    answers: { 204: null },
    refusals: ['user.unknown', 'block.self', 'block.too_many'],
  }),
  unblock: route({
    method: 'DELETE',
    path: '/users/:id/block',
    summary: 'Block them no longer.',
    params: person,
    answers: { 204: null },
  }),
} as const;
