import { apiPrefix } from '@carpenter/protocol';
import type { FastifyInstance } from 'fastify';

/** Lets the pages of ALLOWED_ORIGINS read our answers. Our own pages need none of this. */
export function allowOrigins(app: FastifyInstance, allowed: readonly string[]): void {
  app.addHook('onRequest', async ({ headers: { origin } }, reply) => {
    if (origin === undefined || !allowed.includes(origin)) return;
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers':
        'Retry-After, X-Carpenter, X-Request-Id, Location, Tus-Resumable, Upload-Length, Upload-Offset',
      'cross-origin-resource-policy': 'cross-origin',
    });
  });
  app.options(`${apiPrefix}/*`, async (_request, reply) =>
    reply
      .headers({
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
        'access-control-allow-headers':
          'Authorization, Content-Type, Range, Tus-Resumable, Upload-Length, Upload-Metadata, Upload-Offset',
        'access-control-max-age': '600',
      })
      .code(204)
      .send(),
  );
}
