import { type InputIssue, type Route, refuse } from '@carpenter/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Verified } from '../auth/auth.ts';

type Part = 'params' | 'query' | 'headers' | 'body';
type Read<R extends Route, P extends Part> = R extends { readonly [K in P]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;
type Asker<R extends Route> = R extends { readonly open: true } ? undefined : Verified;

/** What a handler gets: all of it checked. */
export interface Call<R extends Route> {
  readonly actor: Asker<R>;
  readonly params: Read<R, 'params'>;
  readonly query: Read<R, 'query'>;
  readonly headers: Read<R, 'headers'>;
  readonly body: Read<R, 'body'>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** One of the answers that the route declares. */
export type Answer<R extends Route> = {
  [S in keyof R['answers'] & number]: R['answers'][S] extends z.ZodType
    ? { readonly status: S; readonly body: z.output<R['answers'][S]> }
    : { readonly status: S; readonly body?: undefined };
}[keyof R['answers'] & number];

/** A route with its handler, the types of both forgotten. */
export interface Endpoint {
  readonly route: Route;
  run(
    actor: Verified | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<{ status: number; body?: unknown }>;
}

/** Binds a route of the protocol to what it does. Input that does not fit never reaches `handle`. */
export function on<const R extends Route, const A extends Answer<R>>(
  route: R,
  handle: (call: Call<R>) => Promise<A>,
): Endpoint {
  return {
    route,
    async run(actor, request, reply) {
      const issues: InputIssue[] = [];
      const params = read(route, 'params', request.params, issues);
      const query = read(route, 'query', request.query, issues);
      const headers = read(route, 'headers', request.headers, issues);
      const body = read(route, 'body', request.body ?? {}, issues);
      if (issues.length > 0) refuse('input.invalid', { issues: issues.slice(0, 10) });
      return handle({ actor: asker(route, actor), params, query, headers, body, request, reply });
    },
  };
}

// The overloads say what the compiler cannot follow: a route without the part has no schema for it.
function read<R extends Route, P extends Part>(route: R, part: P, value: unknown, issues: InputIssue[]): Read<R, P>;
function read(route: Route, part: Part, value: unknown, issues: InputIssue[]): unknown {
  const parsed = route[part]?.safeParse(value);
  if (parsed?.error) issues.push(...parsed.error.issues.map(i => ({ path: i.path.join('.'), message: i.message })));
  return parsed?.data;
}

function asker<R extends Route>(route: R, actor: Verified | undefined): Asker<R>;
function asker(route: Route, actor: Verified | undefined): Verified | undefined {
  if (!route.open && !actor) refuse('auth.required', {});
  return actor;
}
