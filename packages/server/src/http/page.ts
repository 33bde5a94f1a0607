import { refusal } from '@carpenter/protocol';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './problem.ts';

/** The built web client, if there is one. Its routes (`/c/:id` …) are all the same page. */
export async function openPage(
  app: FastifyInstance,
  webDir: string | undefined,
  methodsOf: (path: string) => string[],
): Promise<void> {
  if (webDir !== undefined) {
    await app.register(fastifyStatic, {
      root: webDir,
      cacheControl: false,
      dotfiles: 'ignore',
      // The names of assets hold a hash of what is in them.
      setHeaders: (reply, path) =>
        reply.header(
          'cache-control',
          /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
        ),
    });
  }

  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    if (wantsPage(request, path)) {
      if (webDir !== undefined) return reply.sendFile('index.html');
      if (path === '/') return reply.type('text/plain; charset=utf-8').send(withoutPage);
    }
    return unknownAddress(reply, methodsOf(path));
  });
}

const withoutPage =
  'Carpenter is running, without its page: build it with "npm run build". The API is described at /api/docs.\n';

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '';

const wantsPage = ({ method, headers }: FastifyRequest, path: string): boolean =>
  (method === 'GET' || method === 'HEAD') &&
  !/^\/api(\/|$)/.test(path) &&
  (path === '/' || (headers.accept ?? '').includes('text/html'));

function unknownAddress(reply: FastifyReply, methods: string[]): FastifyReply {
  if (methods.length === 0) return sendProblem(reply, refusal('route.unknown', {}));
  return sendProblem(reply.header('allow', methods.join(', ')), refusal('route.wrong_method', {}));
}
