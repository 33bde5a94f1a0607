import { api, apiPrefix, command, type Route } from '@carpenter/protocol';
import fc from 'fast-check';
import { z } from 'zod';
import { frame, handshake, opcode } from '../raw.ts';
import { fitting, given, sample } from '../schemas.ts';
import { type Expected, expectedOf } from './expected.ts';
import { spoilBytes, spoilText, spoilValue } from './mutate.ts';
import type { Random } from './random.ts';
import type { Scene } from './scene.ts';

/** One thing to throw at a server. */
export type Input =
  /** Bytes for a WebSocket, where somebody is logged in or nobody. */
  | { readonly door: 'socket'; readonly bytes: Buffer; readonly stranger: boolean; readonly expected: Expected }
  /** A request or a handshake. `calm`: its head is well-formed, and its body as long as the head says. */
  | { readonly door: 'http'; readonly bytes: Buffer; readonly calm: boolean };

/** Good ones of every kind, to begin with. */
export interface Corpus {
  input(random: Random): Input;
}

const perKind = 20;
const parts = ['params', 'query', 'body'] as const;
/** They cost a hash of a password each, or end the session of the one who asks. */
const dear: readonly string[] = ['/auth/logout', '/auth/password', '/auth/register', '/auth/login'];

export function corpusOf(seed: number, { known, token, leaving }: Scene): Corpus {
  const commands = command.options.flatMap(option => sample(fitting(given(option), known), seed, perKind));
  const requestsOf = (routes: readonly Route[]) =>
    routes.flatMap(route => {
      const one = fc.record(
        Object.fromEntries(parts.map(part => [part, fitting(given(route[part] ?? nothing), known)])),
      );
      return sample(one, seed, perKind).map(values => ({ route, values }));
    });
  const routes = Object.values<Route>(api);
  const requests = requestsOf(routes.filter(({ path }) => !dear.includes(path)));
  const dearOnes = requestsOf(routes.filter(({ path }) => dear.includes(path)));

  function frameInput(random: Random): Buffer {
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

  function httpInput(random: Random): Input {
    if (random.once(8)) return { door: 'http', bytes: spoilBytes(random, Buffer.from(handshake(token))), calm: false };
    const { route, values } = random.pick(random.once(60) ? dearOnes : requests); // one of some 200 inputs is dear
    const spoilt = random.pick(parts);
    const of = (part: (typeof parts)[number]) => (part === spoilt ? spoilValue(random, values[part]) : values[part]);
    const json = JSON.stringify(of('body')) ?? '';
    const reads = route.method === 'GET' || route.method === 'HEAD';
    const body = reads ? '' : random.once(3) ? spoilText(random, json) : json;
    const good = addressOf(route.path, of('params'), of('query'));
    const address = random.once(10) ? spoilText(random, good) : good;
    const type = random.once(30)
      ? random.pick(['text/plain', 'application/json; charset=utf-16', '', 'multipart/form-data'])
      : 'application/json';
    const head = [
      `${route.method} ${address} HTTP/1.1`,
      'Host: localhost',
      ...(random.once(10) ? ['Connection: close'] : []),
      `Authorization: Bearer ${route.path === '/auth/logout' ? random.pick(leaving) : token}`,
      ...(reads ? [] : [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`]),
    ];
    const bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
    if (random.once(10)) return { door: 'http', bytes: spoilBytes(random, bytes), calm: false };
    return { door: 'http', bytes, calm: /^\/[\x21-\x7e]*$/.test(address) };
  }

  function socketInput(random: Random): Input {
    const bytes = frameInput(random);
    const expected = expectedOf(bytes, false);
    // what ends a connection mostly ends one that cost nothing: to log in again is the dearest that one can ask
    const stranger = expected.ends.length > 0 ? !random.once(4) : random.once(20);
    return { door: 'socket', bytes, stranger, expected: stranger ? expectedOf(bytes, true) : expected };
  }

  return { input: random => (random.below(10) < 7 ? socketInput(random) : httpInput(random)) };
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
