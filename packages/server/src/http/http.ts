import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { apiPrefix, refuse } from '@carpenter/protocol';
import fastifyCookie from '@fastify/cookie';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Auth, Verified } from '../auth/auth.ts';
import type { Chat } from '../chat/chat.ts';
import type { Config } from '../config.ts';
import type { Media } from '../media/media.ts';
import type { Notify } from '../notify/notify.ts';
import { authRoutes } from './auth.ts';
import { takeJson } from './body.ts';
import { commandRoutes } from './commands.ts';
import { conversationRoutes } from './conversations.ts';
import { allowOrigins } from './cors.ts';
import { openDocs } from './docs/docs.ts';
import { createDoor, type Door, openEndpoints } from './door.ts';
import { answerBrokenRequest, answerErrors, collectMethods } from './faults.ts';
import { addHeaders, bareHeaders, neverCached } from './headers.ts';
import { inTurn } from './in-turn.ts';
import { inviteRoutes } from './invites.ts';
import { mediaRoutes } from './media.ts';
import { memberRoutes } from './members.ts';
import { messageRoutes } from './messages.ts';
import { moderationRoutes } from './moderation.ts';
import { notificationRoutes } from './notifications.ts';
import { holdsToken, hostFault } from './origin.ts';
import { openPage } from './page.ts';
import { personalRoutes } from './personal.ts';
import { type Health, openProbes } from './probes.ts';
import { reactionRoutes } from './reactions.ts';
import { receiptRoutes } from './receipts.ts';
import { searchRoutes } from './search.ts';
import { syncRoutes } from './sync.ts';
import { threadRoutes } from './threads.ts';
import { answerTusOptions, uploadRoutes } from './uploads.ts';
import { userRoutes } from './users.ts';

export interface HttpNeeds {
  readonly chat: Chat;
  readonly media: Media;
  readonly notify: Notify;
  readonly auth: Auth;
  readonly config: Config;
  readonly log: Logger;
  health(): Promise<Health>;
  /** Takes the connection over and writes Server-Sent Events to it. */
  events(actor: Verified, response: ServerResponse): void;
  /** The built web client. */
  readonly webDir?: string | undefined;
  /** The name of this process in its answers. */
  readonly node: string;
}

const bodyLimit = 262_144;
/** More header lines than any browser or proxy sends; Node refuses what goes beyond. */
const maxHeaders = 200;

/** Whoever looks after this process asks by whatever name it has for it. */
const probed = new Set(['/healthz', '/readyz']);

/** The HTTP server with all its routes, not listening yet. WebSocket upgrades are the gateway's. */
export async function createHttp({
  chat,
  media,
  notify,
  auth,
  config,
  log,
  health,
  events,
  webDir,
  node,
}: HttpNeeds): Promise<FastifyInstance> {
  const bare = bareHeaders(config, node);
  const onError = answerErrors(log, bodyLimit);
  const app = fastify({
    logger: false,
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
    bodyLimit,
    return503OnClosing: false, // what still comes in while we drain is answered
    requestTimeout: 30_000, // the whole request, body included
    connectionTimeout: 30_000, // nothing goes in or out: somebody who does not read what they asked for
    http: {
      headersTimeout: 10_000,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16_384,
      requireHostHeader: false, // Node would refuse without a word; we do it below
    },
    clientErrorHandler: answerBrokenRequest(bare),
    frameworkErrors: (error, request, reply) =>
      onError(error, request, reply.headers({ ...bare, 'x-request-id': request.id })),
  });
  app.server.maxHeadersCount = maxHeaders;

  const door = createDoor(auth, config);
  logRequests(app, log, door);
  await addHeaders(app, config, node);
  app.addHook('onRequest', async (request, reply) => {
    const { host = [] } = request.raw.headersDistinct;
    if (host.length > 1 || (request.raw.httpVersion === '1.1' && host.length === 0)) {
      reply.header('connection', 'close');
      refuse('request.broken', {});
    }
    const fault = probed.has(request.url) ? undefined : hostFault(host[0], config);
    if (fault) throw fault;
    if (holdsToken(request.url)) refuse('auth.in_url', {});
  });
  await app.register(fastifyCookie);
  takeJson(app);
  app.setErrorHandler(onError);

  const methodsOf = collectMethods(app);
  openProbes(app, { node, auth, registration: config.registration, health });
  await app.register(async api => {
    neverCached(api);
    allowOrigins(api, config.allowedOrigins);
    answerTusOptions(api, config.limits.mediaMaxBytes);
    const endpoints = inTurn(chat.questions, [
      ...authRoutes(auth, chat, config, log),
      ...userRoutes(chat),
      ...personalRoutes(chat),
      ...conversationRoutes(chat),
      ...inviteRoutes(chat),
      ...moderationRoutes(chat),
      ...memberRoutes(chat),
      ...messageRoutes(chat),
      ...reactionRoutes(chat),
      ...threadRoutes(chat),
      ...receiptRoutes(chat),
      ...searchRoutes(chat),
      ...notificationRoutes(notify),
      ...syncRoutes(chat),
      ...mediaRoutes(chat, media),
      ...commandRoutes(chat),
    ]);
    await openEndpoints(api, door, [...endpoints, ...uploadRoutes(media)]); // a file may be looked at while its upload is asked about
    api.get(`${apiPrefix}/events`, async (request, reply) => {
      const actor = await door.known(request, reply);
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) reply.raw.setHeader(name, value);
      reply.hijack();
      events(actor, reply.raw);
    });
  });
  await openDocs(app);
  await openPage(app, webDir, methodsOf);
  return app;
}

/** The one that a proxy or a program gave, where it looks like one: it goes into the log. */
const requestIdOf = (given: unknown): string =>
  typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomBytes(8).toString('hex');

/** One line a request, by the pattern of its route: never an address with its query, a header, or a body. */
function logRequests(app: FastifyInstance, log: Logger, door: Door): void {
  app.addHook('onResponse', async (request: FastifyRequest, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const userId = door.whoAsked(request);
    const line = {
      requestId: request.id,
      ...(userId !== undefined && { userId }),
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    if (route.startsWith(apiPrefix)) log.info(line, 'request');
    else log.debug(line, 'request');
  });
}
