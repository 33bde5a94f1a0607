import { apiPrefix, bytes, type Id, refuse } from '@carpenter/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Auth, Verified } from '../auth/auth.ts';
import { createLimiter } from '../auth/limiter.ts';
import type { Config } from '../config.ts';
import { addressOf } from './address.ts';
import { leaveUnread } from './body.ts';
import { mediaCookie } from './cookies.ts';
import type { Endpoint } from './endpoint.ts';
import { createUnderWay } from './under-way.ts';

/** Judges who asks, and how often, before a byte of the body is read. */
export interface Door {
  /**
   * @param cookie the cookie for files is enough
   * @throws auth.required, auth.expired, auth.suspended, rate.exceeded
   */
  known(request: FastifyRequest, reply: FastifyReply, cookie?: boolean): Promise<Verified>;
  /** @throws rate.exceeded */
  stranger(request: FastifyRequest): void;
  /** For the log; undefined: nobody who is known. */
  whoAsked(request: FastifyRequest): Id | undefined;
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
  const identify = async ({ headers, cookies }: FastifyRequest, cookie: boolean) => {
    const [, token] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
    if (token !== undefined) return auth.verify(token);
    const forFiles = cookie ? cookies[mediaCookie] : undefined;
    return forFiles === undefined ? refuse('auth.required', {}) : auth.verifyMedia(forFiles);
  };
  const asked = new WeakMap<FastifyRequest, Id>();
  return {
    stranger,
    whoAsked: request => asked.get(request),
    async known(request, reply, cookie = false) {
      const verified = await identify(request, cookie).catch((error: unknown) => {
        stranger(request);
        throw error;
      });
      asked.set(request, verified.userId);
      spend(verified.userId);
      if (!underWay.begin(verified.userId, request.raw, reply.raw)) refuse('rate.exceeded', { retryAfterMs: 1_000 });
      return { ...verified, address: addressOf(request.raw, config.trustProxy) };
    },
  };
}

/** Hangs the endpoints into the server. */
export async function openEndpoints(app: FastifyInstance, door: Door, endpoints: readonly Endpoint[]): Promise<void> {
  hang(
    app,
    door,
    endpoints.filter(({ route }) => route.body !== bytes),
  );
  await app.register(async streamed => {
    leaveUnread(streamed);
    hang(
      streamed,
      door,
      endpoints.filter(({ route }) => route.body === bytes),
    );
  });
}

function hang(app: FastifyInstance, door: Door, endpoints: readonly Endpoint[]): void {
  const actors = new WeakMap<FastifyRequest, Verified>();
  for (const { route, run } of endpoints) {
    app.route({
      method: route.method,
      url: apiPrefix + route.path,
      async onRequest(request, reply) {
        if (route.open) door.stranger(request);
        else actors.set(request, await door.known(request, reply, route.cookie));
      },
      async handler(request, reply) {
        const { status, body } = await run(actors.get(request), request, reply);
        return reply.code(status).send(body);
      },
    });
  }
}
