import type { Socket } from 'node:net';
import { type Refusal, refusal } from '@carpenter/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { asRefusal } from '../faults.ts';
import { codeOf } from '../store/database.ts';
import { bareProblem, refusalOfFastify, sendProblem } from './problem.ts';

/** Everything that is thrown in a request is answered here. A bug of ours is logged with the request and told as a number. */
export const answerErrors =
  (log: Logger, maxBytes: number) =>
  (error: unknown, { id, method, routeOptions }: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const where = log.child({ requestId: id, method, route: routeOptions.url });
    return sendProblem(reply, refusalOfFastify(error, maxBytes) ?? asRefusal(error, where));
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
export const answerBrokenRequest = (headers: Readonly<Record<string, string>>) => (error: Error, socket: Socket) => {
  if (codeOf(error) === 'ECONNRESET' || !socket.writable) return socket.destroy();
  return socket.end(bareProblem(brokenBy(codeOf(error)), headers), () => socket.destroy());
};

function brokenBy(code: string | undefined): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return refusal('request.head_too_large', {});
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return refusal('request.too_slow', {});
  return refusal('request.broken', {});
}
