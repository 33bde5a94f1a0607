import { STATUS_CODES } from 'node:http';
import { apiPrefix, bytes, event, problem, type RefusalCode, type Route, refusals, version } from '@carpenter/protocol';
import type { z } from 'zod';
import { mediaCookie } from '../cookies.ts';
import { createSchemas, type Schemas } from './schemas.ts';

const always: readonly RefusalCode[] = [
  'auth.in_url',
  'input.invalid',
  'rate.exceeded',
  'storage_unavailable',
  'overloaded',
  'server.fault',
];
const withToken: readonly RefusalCode[] = ['auth.required', 'auth.expired', 'auth.suspended'];
const withBody: readonly RefusalCode[] = ['body.too_large', 'body.not_json'];

/** OpenAPI 3.1 of all routes, made of nothing but `api` of the protocol. */
export function openapi(routes: Readonly<Record<string, Route>>): object {
  const schemas = createSchemas();
  const paths: Record<string, Record<string, object>> = {};
  for (const [operationId, route] of Object.entries(routes)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(operationId, route, schemas) };
  }
  paths['/events'] = { get: eventStream(schemas) };
  schemas.of(problem, 'output');
  return {
    openapi: '3.1.0',
    info: {
      title: 'Carpenter',
      version,
      description: `Everything durable, over HTTP. Refusals are RFC 9457 problems with a stable \`code\`; what is not yours is answered as if it did not exist.`,
    },
    servers: [{ url: apiPrefix }],
    security: [{ bearer: [] }],
    paths,
    components: {
      schemas: schemas.all,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: { type: 'apiKey', in: 'cookie', name: mediaCookie },
      },
    },
  };
}

function operation(operationId: string, route: Route, schemas: Schemas): object {
  const codes = [
    ...always,
    ...(route.open ? [] : withToken),
    ...(route.body && route.body !== bytes ? withBody : []),
    ...(route.refusals ?? []),
  ];
  return {
    operationId,
    summary: route.summary,
    tags: [route.path.split('/')[1]],
    ...(route.open && { security: [] }),
    ...(route.cookie && { security: [{ bearer: [] }, { cookie: [] }] }),
    parameters: [
      ...parameters('path', route.params, schemas),
      ...parameters('query', route.query, schemas),
      ...parameters('header', route.headers, schemas),
    ],
    ...(route.body && { requestBody: { required: true, content: contentOf(route.body, schemas, 'input') } }),
    responses: { ...answers(route, schemas), ...refused(codes) },
  };
}

const contentOf = (schema: z.ZodType, schemas: Schemas, io: 'input' | 'output') =>
  schema === bytes
    ? { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
    : { 'application/json': { schema: schemas.of(schema, io) } };

function parameters(where: 'path' | 'query' | 'header', schema: Route['params'], schemas: Schemas): object[] {
  if (!schema) return [];
  const required = new Set(schemas.of(schema, 'input').required);
  return Object.entries(schemas.of(schema, 'output').properties ?? {}).map(([name, { description, ...one }]) => ({
    name,
    in: where,
    required: where === 'path' || required.has(name),
    ...(description !== undefined && { description }),
    schema: one,
  }));
}

function answers(route: Route, schemas: Schemas): Record<string, object> {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, schema]) => [
      status,
      {
        description: STATUS_CODES[status] ?? status,
        ...(schema && { content: contentOf(schema, schemas, 'output') }),
      },
    ]),
  );
}

/** One entry a status, which says in `code` what may come under it. */
function refused(codes: readonly RefusalCode[]): Record<string, object> {
  const byStatus = Map.groupBy(new Set(codes), code => refusals[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => {
      const schema = {
        allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: some } } }],
      };
      const description = some.map(code => `\`${code}\``).join(', ');
      return [String(status), { description, content: { 'application/problem+json': { schema } } }];
    }),
  );
}

const eventStream = (schemas: Schemas): object => ({
  operationId: 'events',
  summary: 'All events as Server-Sent Events, where WebSockets do not get through. Begins with `ready`.',
  tags: ['events'],
  responses: {
    200: {
      description: 'Each `data` is one event.',
      content: { 'text/event-stream': { schema: schemas.of(event, 'output') } },
    },
    ...refused([...always, ...withToken]),
  },
});
