import { api, readCommand, refuse } from '@carpenter/protocol';
import type { Chat } from '../chat/chat.ts';
import { perform } from '../chat/perform.ts';
import { type Endpoint, on } from './endpoint.ts';

/** The second door for everything that a WebSocket can say. */
export const commandRoutes = (chat: Chat): Endpoint[] => [
  on(api.command, async ({ actor, body }) => {
    const command = readCommand(body);
    if (command.type === 'auth') refuse('frame.unknown_type', { type: command.type }); // there is no connection to log in
    const event = await perform(chat, actor, command);
    return event ? { status: 200, body: event } : { status: 204 };
  }),
];
