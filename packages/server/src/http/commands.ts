import { api, command, commandTypes, refuse } from '@carpenter/protocol';
import type { Chat } from '../chat/chat.ts';
import { perform } from '../chat/perform.ts';
import { type Endpoint, on } from './endpoint.ts';

/** The second door for everything that a WebSocket can say. */
export const commandRoutes = (chat: Chat): Endpoint[] => [
  on(api.command, async ({ actor, body }) => {
    if (typeof body.type !== 'string') refuse('frame.malformed', {});
    if (!commandTypes.has(body.type)) refuse('frame.unknown_type', { type: body.type.slice(0, 64) });
    const { data, error } = command.safeParse(body);
    if (error) {
      const issues = error.issues.slice(0, 10).map(i => ({ path: i.path.join('.'), message: i.message }));
      refuse('input.invalid', { issues });
    }
    if (data.type === 'auth') refuse('frame.unknown_type', { type: data.type });
    const event = await perform(chat, actor, data);
    return event ? { status: 200, body: event } : { status: 204 };
  }),
];
