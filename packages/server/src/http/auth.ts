import { api, type LoggedIn, Refusal, refuse } from '@carpenter/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Auth, From, Grant } from '../auth/auth.ts';
import type { Chat } from '../chat/chat.ts';
import { enter, welcome } from '../chat/enter.ts';
import type { Config } from '../config.ts';
import { addressOf } from './address.ts';
import { createCookies, refreshCookie } from './cookies.ts';
import { deviceOf } from './device.ts';
import { type Endpoint, on } from './endpoint.ts';
import { isOurs } from './origin.ts';

export function authRoutes(auth: Auth, chat: Chat, config: Config, log: Logger): Endpoint[] {
  const inCookies = createCookies(config);
  const from = (request: FastifyRequest): From => ({
    address: addressOf(request.raw, config.trustProxy),
    device: deviceOf(request.headers['user-agent']),
  });

  function answer(grant: Grant, by: 'cookie' | 'body', reply: FastifyReply): LoggedIn {
    const { refreshToken, mediaToken, ...open } = grant;
    if (by === 'body') return { ...open, refreshToken };
    inCookies.set(reply, { refreshToken, mediaToken });
    return open;
  }

  /** A cookie comes by itself, so the page behind the request must be ours, and no form can send JSON. */
  function tokenFromCookie({ headers, cookies }: FastifyRequest): string {
    const token = cookies[refreshCookie];
    if (token === undefined) refuse('auth.refresh_invalid', {});
    if (!headers['content-type']?.startsWith('application/json')) refuse('body.not_json', {});
    const { origin, host } = headers;
    if (!isOurs({ origin, host }, config.allowedOrigins)) {
      refuse('auth.foreign_origin', { origin: origin ?? 'an unnamed origin' });
    }
    return token;
  }

  return [
    on(api.register, async ({ body, request, reply }) => {
      const { invite, ...account } = body;
      const first = !(await auth.inhabited());
      const { failure, ...grant } = await enter(chat, config, { invite, first }, as =>
        auth.register({ ...account, ...as }, from(request)),
      );
      await welcome(chat, config, grant.user, log);
      return { status: 201, body: { ...answer(grant, body.refresh, reply), ...(failure && { failure }) } };
    }),
    on(api.login, async ({ body, request, reply }) => {
      const grant = await auth.login(body, from(request));
      await welcome(chat, config, grant.user, log);
      return { status: 200, body: answer(grant, body.refresh, reply) };
    }),
    on(api.refresh, async ({ body, request, reply }) => {
      if (body.refreshToken !== undefined) {
        return { status: 200, body: answer(await auth.refresh(body.refreshToken, from(request)), 'body', reply) };
      }
      try {
        return {
          status: 200,
          body: answer(await auth.refresh(tokenFromCookie(request), from(request)), 'cookie', reply),
        };
      } catch (error) {
        // Of no use any more; a foreign page's request or a database that is away must not take it.
        if (error instanceof Refusal && error.code.startsWith('auth.refresh_')) inCookies.clear(reply);
        throw error;
      }
    }),
    on(api.logout, async ({ actor, reply }) => {
      await auth.logout(actor);
      inCookies.clear(reply);
      return { status: 204 };
    }),
    on(api.changePassword, async ({ actor, body, request }) => {
      await auth.changePassword(actor, body, from(request));
      return { status: 204 };
    }),
    on(api.usernameFree, async ({ query, request }) => {
      const free = await auth.isFree(query.username, from(request));
      return { status: 200, body: { free } };
    }),
    on(api.sessions, async ({ actor }) => ({ status: 200, body: { sessions: await auth.sessions(actor) } })),
    on(api.endSession, async ({ actor, params }) => {
      await auth.endSession(actor, params.id);
      return { status: 204 };
    }),
  ];
}
