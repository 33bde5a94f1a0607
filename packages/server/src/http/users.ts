import { api, id } from '@carpenter/protocol';
import { z } from 'zod';
import type { Chat } from '../chat/chat.ts';
import { findUsers, readMe, readUser, updateMe } from '../chat/users.ts';
import { type Endpoint, on } from './endpoint.ts';
import { badInput } from './problem.ts';

const idList = z.array(id).max(100);

export const userRoutes = (chat: Chat): Endpoint[] => [
  on(api.me, async ({ actor }) => ({ status: 200, body: await readMe(chat, actor) })),
  on(api.updateMe, async ({ actor, body }) => ({ status: 200, body: await updateMe(chat, actor, body) })),
  on(api.users, async ({ actor, query: { ids: list, ...query } }) => {
    const ids = list === undefined ? undefined : idList.safeParse(list.split(',').filter(one => one !== ''));
    if (ids?.error) throw badInput('Up to 100 ids, separated by commas.', 'ids');
    return { status: 200, body: await findUsers(chat, actor, { ...query, ids: ids?.data }) };
  }),
  on(api.user, async ({ actor, params }) => ({ status: 200, body: await readUser(chat, actor, params.id) })),
];
