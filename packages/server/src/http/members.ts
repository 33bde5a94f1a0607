import { api } from '@carpenter/protocol';
import type { Chat } from '../chat/chat.ts';
import { addMembers, leaveConversation, listMembers, removeMember, setMemberRole } from '../chat/members.ts';
import { type Endpoint, on } from './endpoint.ts';

export const memberRoutes = (chat: Chat): Endpoint[] => [
  on(api.members, async ({ actor, params, query }) => ({
    status: 200,
    body: await listMembers(chat, actor, params.id, query),
  })),
  on(api.addMembers, async ({ actor, params, body }) => ({
    status: 200,
    body: await addMembers(chat, actor, params.id, body.userIds),
  })),
  on(api.updateMember, async ({ actor, params, body }) => ({
    status: 200,
    body: await setMemberRole(chat, actor, params.id, params.userId, body.role),
  })),
  on(api.removeMember, async ({ actor, params }) => {
    await removeMember(chat, actor, params.id, params.userId);
    return { status: 204 };
  }),
  on(api.leave, async ({ actor, params }) => {
    await leaveConversation(chat, actor, params.id);
    return { status: 204 };
  }),
];
