import { apiPrefix, refuse } from '@carpenter/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Auth, Verified } from '../auth/auth.ts';
import { createLimiter } from '../auth/limiter.ts';
import type { Config } from '../config.ts';
import { addressOf } from './address.ts';
import type { Endpoint } from './endpoint.ts';
import { createUnderWay } from './under-way.ts';

/** Judges who asks, and how often, before a byte of the body is read. */
export interface Door {
  /** @throws auth.required, auth.expired, auth.suspended, rate.exceeded */
  known(request: FastifyRequest, reply: FastifyReply): Promise<Verified>;
  /** @throws rate.exceeded */
  stranger(request: FastifyRequest): void;
}

/** Answers on their way to one account, event streams among them. */
const underWayMax = 100;

export function createDoor(auth: Auth, config: Config): Door {
  const requests = createLimiter(config.rates.requestsPerMinute, 60_000);
  const spend = (key: string) => {
    const retryAfterMs = requests.take(key);
    if (retryAfterMs > 0) refuse('rate.exceeded', { retryAfterMs });
  };
  const underWay = createUnderWay(underWayMax);
  const stranger = (request: FastifyRequest) => spend(addressOf(request.raw, config.trustProxy));
  const identify = async ({ headers }: FastifyRequest) => {
    const [, token] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
    return token === undefined ? refuse('auth.required', {}) : auth.verify(token);
  };
  return {
    stranger,
    async known(request, reply) {
      const verified = await identify(request).catch((error: unknown) => {
        stranger(request);
        throw error;
      });
      spend(verified.userId);
      if (!underWay.begin(verified.userId, request.raw, reply.raw)) refuse('rate.exceeded', { retryAfterMs: 1_000 });
      return verified;
    },
  };
}

/** Hangs the endpoints into the server. */
export function openEndpoints(app: FastifyInstance, door: Door, endpoints: readonly Endpoint[]): void {
  const actors = new WeakMap<FastifyRequest, Verified>();
  for (const { route, run } of endpoints) {
    app.route({
      method: route.method,
      url: apiPrefix + route.path,
      async onRequest(request, reply) {
        if (route.open) door.stranger(request);
        else actors.set(request, await door.known(request, reply));
      },
      async handler(request, reply) {
        const { status, body } = await run(actors.get(request), request, reply);
        return reply.code(status).send(body);
      },
    });
  }
}
