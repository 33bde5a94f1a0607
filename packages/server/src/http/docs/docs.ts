import { fileURLToPath } from 'node:url';
import { api } from '@carpenter/protocol';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, RouteShorthandOptions } from 'fastify';
import { forSwagger } from '../headers.ts';
import { asyncapi } from './asyncapi.ts';
import { openapi } from './openapi.ts';
import { docsPage, swaggerPage } from './page.ts';

const folder = (path: string): string => fileURLToPath(new URL('.', path));
const swaggerFiles = new Set(['/swagger-ui.css', '/swagger-ui-bundle.js']);

/** The contract, for people and for machines. All of it is made from the schemas, once, when somebody first asks. */
export async function openDocs(app: FastifyInstance): Promise<void> {
  const once = (make: () => string) => {
    let made: string | undefined;
    return () => {
      made ??= make();
      return made;
    };
  };
  const serve = (url: string, type: string, content: () => string, options: RouteShorthandOptions = {}) =>
    app.get(url, options, async (_request, reply) =>
      reply.type(type).header('cache-control', 'no-cache').send(content()),
    );

  serve(
    '/api/openapi.json',
    'application/json',
    once(() => JSON.stringify(openapi(api))),
  );
  serve(
    '/api/asyncapi.json',
    'application/json',
    once(() => JSON.stringify(asyncapi())),
  );
  serve('/api/docs', 'text/html; charset=utf-8', once(docsPage));
  serve('/api/docs/http', 'text/html; charset=utf-8', once(swaggerPage), { helmet: forSwagger });

  const files = { decorateReply: false, index: false, cacheControl: false } as const;
  await app.register(fastifyStatic, {
    ...files,
    root: fileURLToPath(new URL('./assets/', import.meta.url)),
    prefix: '/api/docs/assets/',
  });
  await app.register(fastifyStatic, {
    ...files,
    root: folder(import.meta.resolve('swagger-ui-dist/package.json')),
    prefix: '/api/docs/swagger/',
    allowedPath: path => swaggerFiles.has(path),
  });
}
