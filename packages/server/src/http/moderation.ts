import { api } from '@carpenter/protocol';
import { block, readBlocks, unblock } from '../chat/blocks.ts';
import type { Chat } from '../chat/chat.ts';
import { listReports, reportMessage, resolveReport } from '../chat/reports.ts';
import { type Endpoint, on } from './endpoint.ts';

export const moderationRoutes = (chat: Chat): Endpoint[] => [
  on(api.blocks, async ({ actor }) => ({ status: 200, body: { userIds: await readBlocks(chat, actor) } })),
  on(api.block, async ({ actor, params }) => {
    await block(chat, actor, params.id);
    return { status: 204 };
  }),
  on(api.unblock, async ({ actor, params }) => {
    await unblock(chat, actor, params.id);
    return { status: 204 };
  }),
  on(api.reportMessage, async ({ actor, params, body }) => {
    await reportMessage(chat, actor, params.id, params.seq, body);
    return { status: 204 };
  }),
  on(api.reports, async ({ actor, query }) => ({ status: 200, body: await listReports(chat, actor, query) })),
  on(api.resolveReport, async ({ actor, params, body }) => ({
    status: 200,
    body: await resolveReport(chat, actor, params.id, body.outcome),
  })),
];
