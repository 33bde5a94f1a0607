import { api, type LoggedIn, Refusal, refuse } from '@carpenter/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Auth, type From, type Grant, idleDays } from '../auth/auth.ts';
import type { Config } from '../config.ts';
import { addressOf } from './address.ts';
import { deviceOf } from './device.ts';
import { type Endpoint, on } from './endpoint.ts';
import { isOurs } from './origin.ts';

const cookieName = 'carpenter_refresh';

export function authRoutes(auth: Auth, config: Config): Endpoint[] {
  const cookie = {
    path: '/api/v1/auth',
    httpOnly: true,
    sameSite: 'strict',
    secure: config.publicUrl?.startsWith('https:') ?? false,
  } as const;
  const from = (request: FastifyRequest): From => ({
    address: addressOf(request.raw, config.trustProxy),
    device: deviceOf(request.headers['user-agent']),
  });

  function answer(grant: Grant, by: 'cookie' | 'body', reply: FastifyReply): LoggedIn {
    const { refreshToken, ...open } = grant;
    if (by === 'body') return grant;
    reply.setCookie(cookieName, refreshToken, { ...cookie, maxAge: idleDays * 86_400 });
    return open;
  }

  /** A cookie comes by itself, so the page behind the request must be ours, and no form can send JSON. */
  function tokenFromCookie({ headers, cookies }: FastifyRequest): string {
    const token = cookies[cookieName];
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
      const grant = await auth.register(body, from(request));
      return { status: 201, body: answer(grant, body.refresh, reply) };
    }),
    on(api.login, async ({ body, request, reply }) => {
      const grant = await auth.login(body, from(request));
      return { status: 200, body: answer(grant, body.refresh, reply) };
    }),
    on(api.refresh, async ({ body, request, reply }) => {
      if (body.refreshToken !== undefined) {
        return { status: 200, body: answer(await auth.refresh(body.refreshToken), 'body', reply) };
      }
      try {
        return { status: 200, body: answer(await auth.refresh(tokenFromCookie(request)), 'cookie', reply) };
      } catch (error) {
        // Of no use any more; a foreign page's request or a database that is away must not take it.
        if (error instanceof Refusal && error.code.startsWith('auth.refresh_')) reply.clearCookie(cookieName, cookie);
        throw error;
      }
    }),
    on(api.logout, async ({ actor, reply }) => {
      await auth.logout(actor);
      reply.clearCookie(cookieName, cookie);
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
