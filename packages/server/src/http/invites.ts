import { api } from '@carpenter/protocol';
import type { Chat } from '../chat/chat.ts';
import { acceptInvite, createInvite, listInvites, openInvite, withdrawInvite } from '../chat/invites.ts';
import { type Endpoint, on } from './endpoint.ts';

export const inviteRoutes = (chat: Chat): Endpoint[] => [
  on(api.invites, async ({ actor, query }) => ({ status: 200, body: await listInvites(chat, actor, query) })),
  on(api.createInvite, async ({ actor, body }) => ({ status: 201, body: await createInvite(chat, actor, body) })),
  on(api.withdrawInvite, async ({ actor, params }) => {
    await withdrawInvite(chat, actor, params.code);
    return { status: 204 };
  }),
  on(api.readInvite, async ({ params }) => {
    const { role, expiresAt } = await openInvite(chat, params.code);
    return { status: 200, body: { guest: role === 'guest', ...(expiresAt !== undefined && { expiresAt }) } };
  }),
  on(api.acceptInvite, async ({ actor, params }) => ({
    status: 200,
    body: { conversationIds: await acceptInvite(chat, actor, params.code) },
  })),
];
