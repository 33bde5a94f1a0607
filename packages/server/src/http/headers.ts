import type { IncomingMessage } from 'node:http';
import { version } from '@carpenter/protocol';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';

const nothingFromElsewhere = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'media-src': ["'self'", 'blob:'],
  'font-src': ["'self'"],
  // Older browsers do not count a WebSocket of the same host as 'self'.
  'connect-src': ["'self'", (request: IncomingMessage) => socketsOf(request.headers.host)],
  'worker-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};
const policy = (more: Readonly<Record<string, string[]>>) => ({
  contentSecurityPolicy: { useDefaults: false, directives: { ...nothingFromElsewhere, ...more } },
});

/** No text becomes markup or a program, not even by a mistake of ours; `carpenter` makes the address of the page's worker. */
const forPages = policy({ 'require-trusted-types-for': ["'script'"], 'trusted-types': ['carpenter'] });
/** Swagger UI makes markup of our own descriptions, and looks of attributes. Nobody's words are in it. */
export const forSwagger = policy({ 'style-src-attr': ["'unsafe-inline'"] });

/** A year. */
const hstsSeconds = 31_536_000;
const isHttps = ({ publicUrl }: Pick<Config, 'publicUrl'>): boolean => publicUrl?.startsWith('https:') ?? false;

const carpenter = (node: string): string => `${version}/${node}`;

/** The same where no hook runs: a request that cannot be read, an upgrade that is refused. Such an answer is shown as nothing at all. */
export const bareHeaders = (config: Pick<Config, 'publicUrl'>, node: string): Readonly<Record<string, string>> => ({
  'x-carpenter': carpenter(node),
  'cache-control': 'private, no-store',
  vary: 'Authorization, Origin',
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  ...(isHttps(config) && { 'strict-transport-security': `max-age=${hstsSeconds}` }),
});

/** On every answer: who we are, and what a browser may do with it. Nothing is loaded from anywhere else. */
export async function addHeaders(app: FastifyInstance, config: Config, node: string): Promise<void> {
  await app.register(helmet, {
    ...forPages,
    strictTransportSecurity: isHttps(config) && { maxAge: hstsSeconds, includeSubDomains: false },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginEmbedderPolicy: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    xDnsPrefetchControl: false,
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-carpenter', carpenter(node)).header('x-request-id', request.id);
  });
}

const socketsOf = (host = ''): string =>
  /^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i.test(host) ? `ws://${host} wss://${host}` : '';

/** Personal, whatever the route: a cache between us and the browser must not show it to somebody else. */
export function neverCached(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'private, no-store').header('vary', 'Authorization, Origin');
  });
}
