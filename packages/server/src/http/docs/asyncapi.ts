import { closes, command, event, fixed, version } from '@carpenter/protocol';
import type { z } from 'zod';
import { createSchemas, type JsonSchema } from './schemas.ts';

export interface Said {
  readonly type: string;
  readonly payload: JsonSchema;
}

/** What a client may say, and what it may hear, each with its JSON Schema. */
export function frames() {
  const schemas = createSchemas();
  const list = (options: readonly z.ZodObject<{ type: z.ZodLiteral<string> }>[], io: 'input' | 'output'): Said[] =>
    options.map(option => ({ type: option.shape.type.value, payload: schemas.of(option, io) }));
  const commands = list(command.options, 'input');
  const events = list(event.options, 'output');
  return { commands, events, schemas: schemas.all };
}

/** AsyncAPI 3.0 of the WebSocket, seen from the server. */
export function asyncapi(): object {
  const { commands, events, schemas } = frames();
  const named = (kind: 'command' | 'event', said: Said[]) =>
    said.map(({ type, payload }) => [`${kind}.${type}`, { name: type, payload }] as const);
  const messages = [...named('command', commands), ...named('event', events)];
  const channel = { $ref: '#/channels/gateway' };
  const refs = (kind: string, said: Said[]) =>
    said.map(({ type }) => ({ $ref: `#/channels/gateway/messages/${kind}.${type}` }));
  return {
    asyncapi: '3.0.0',
    info: { title: 'Carpenter', version, description: `JSON text frames, subprotocol ${fixed.subprotocol}.` },
    defaultContentType: 'application/json',
    channels: {
      gateway: {
        address: '/ws',
        messages: Object.fromEntries(messages.map(([name]) => [name, { $ref: `#/components/messages/${name}` }])),
        bindings: { ws: { query: { type: 'object', properties: { username: { type: 'string' } } } } },
      },
    },
    operations: {
      commands: { action: 'receive', channel, messages: refs('command', commands) },
      events: { action: 'send', channel, messages: refs('event', events) },
    },
    components: { schemas, messages: Object.fromEntries(messages) },
    'x-close-codes': Object.values(closes),
  };
}
