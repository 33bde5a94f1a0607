import { api, apiPrefix, command, type Id, type Route } from '@carpenter/protocol';
import fc from 'fast-check';
import { z } from 'zod';
import { frame, handshake, opcode } from '../raw.ts';
import { fitting, given, type Known, sample } from '../schemas.ts';
import { spoilBytes, spoilText, spoilValue } from './mutate.ts';
import type { Random } from './random.ts';

/** One thing to throw at a server. */
export type Input =
  /** Bytes for a connection that is live. */
  | { readonly door: 'socket'; readonly bytes: Buffer }
  /** Bytes for one that is new. */
  | { readonly door: 'http'; readonly bytes: Buffer };

/** Good ones of every kind, to begin with. */
export interface Corpus {
  input(random: Random): Input;
}

const perKind = 20;
const parts = ['params', 'query', 'body'] as const;
/** They would end the session of the one who tries them, or cost a hash of a password each. */
const dear: readonly string[] = ['/auth/logout', '/auth/password', '/auth/register', '/auth/login'];

export function corpusOf(seed: number, known: Known, token: string): Corpus {
  const commands = command.options.flatMap(option => sample(fitting(given(option), known), seed, perKind));
  const requests = Object.values<Route>(api)
    .filter(({ path }) => !dear.includes(path))
    .flatMap(route => {
      const one = fc.record(
        Object.fromEntries(parts.map(part => [part, fitting(given(route[part] ?? nothing), known)])),
      );
      return sample(one, seed, perKind).map(values => ({ route, values }));
    });

  function socketInput(random: Random): Buffer {
    const good = random.pick(commands);
    const way = random.below(20);
    if (way < 10) return frame(opcode.text, JSON.stringify(spoilValue(random, good)));
    if (way < 15) return frame(opcode.text, spoilText(random, JSON.stringify(good)));
    if (way < 16) return frame(opcode.text, JSON.stringify(good));
    if (way < 17) {
      const kind = random.below(16);
      return frame(kind, JSON.stringify(good).slice(0, random.below(200)), {
        fin: !random.once(2),
        rsv: random.once(4) ? random.below(8) : 0,
      });
    }
    return spoilBytes(random, frame(opcode.text, JSON.stringify(good)));
  }

  function httpInput(random: Random): Buffer {
    if (random.once(8)) return spoilBytes(random, Buffer.from(handshake(token)));
    const { route, values } = random.pick(requests);
    const spoilt = random.pick(parts);
    const of = (part: (typeof parts)[number]) => (part === spoilt ? spoilValue(random, values[part]) : values[part]);
    const json = JSON.stringify(of('body')) ?? '';
    const reads = route.method === 'GET' || route.method === 'HEAD';
    const body = reads ? '' : random.once(3) ? spoilText(random, json) : json;
    const address = addressOf(route.path, of('params'), of('query'));
    const type = random.once(30)
      ? random.pick(['text/plain', 'application/json; charset=utf-16', '', 'multipart/form-data'])
      : 'application/json';
    const head = [
      `${route.method} ${random.once(10) ? spoilText(random, address) : address} HTTP/1.1`,
      'Host: localhost',
      'Connection: close',
      `Authorization: Bearer ${token}`,
      ...(reads ? [] : [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`]),
    ];
    const bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
    return random.once(10) ? spoilBytes(random, bytes) : bytes;
  }

  return {
    input: random =>
      random.below(10) < 7
        ? { door: 'socket', bytes: socketInput(random) }
        : { door: 'http', bytes: httpInput(random) },
  };
}

const nothing = z.object({});

function addressOf(path: string, params: unknown, query: unknown): string {
  const values = textOf(params);
  const search = new URLSearchParams(textOf(query)).toString();
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  return `${apiPrefix}${filled}${search && `?${search}`}`;
}

function textOf(value: unknown): Record<string, string> {
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const text = (one: unknown) =>
    (typeof one === 'string' ? one.toWellFormed() : (JSON.stringify(one) ?? '')).slice(0, 4_000);
  return Object.fromEntries(fields.map(([key, one]) => [key, text(one)]));
}

/** What the ids and numbers of somebody are. */
export const knownOf = (ids: readonly Id[], people: readonly Id[]): Known => ({
  id: ids,
  conversationId: ids,
  userId: people,
  seq: [1, 2, 3, 4],
  username: ['ana', 'nobody-at-all'],
  emoji: ['👍', '🎉'],
});
