import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type Refusal, refusal } from '@carpenter/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { codeOf } from '../store/database.ts';
import { asRefusal, sendProblem, toProblem } from './problem.ts';

/** Everything that is thrown in a request becomes a refusal here; what is a bug of ours is logged under the request's id. */
export const answerErrors =
  (log: Logger, maxBytes: number) => (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const refused = asRefusal(error, maxBytes);
    if (refused) return sendProblem(reply, refused);
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    const route = request.routeOptions.url;
    log.error(
      { requestId: request.id, method: request.method, route, err: { name, message, stack, code: codeOf(error) } },
      'fault',
    );
    return sendProblem(reply, refusal('server.fault', { faultId: request.id }));
  };

/** Which methods an address answers to; empty: there is no such address. */
export function collectMethods(app: FastifyInstance): (path: string) => string[] {
  const routes: { method: string; pattern: RegExp }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    if (url.includes('*')) return;
    const pattern = new RegExp(`^${url.replace(/[.]/g, '\\.').replace(/:\w+/g, '[^/]+')}$`);
    for (const one of [method].flat()) routes.push({ method: one, pattern });
  });
  return path => [...new Set(routes.filter(r => r.pattern.test(path)).map(r => r.method))];
}

/** What is no HTTP at all, or came too slowly, or with too large a head. The connection ends after the answer. */
export const answerBrokenRequest = (carpenter: string) => (error: Error, socket: Socket) => {
  if (codeOf(error) === 'ECONNRESET' || !socket.writable) return socket.destroy();
  const refused = brokenBy(codeOf(error));
  const body = JSON.stringify(toProblem(refused));
  const head = [
    `HTTP/1.1 ${refused.status} ${STATUS_CODES[refused.status]}`,
    `X-Carpenter: ${carpenter}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
};

function brokenBy(code: string | undefined): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return refusal('request.head_too_large', {});
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return refusal('request.too_slow', {});
  return refusal('request.broken', {});
}
