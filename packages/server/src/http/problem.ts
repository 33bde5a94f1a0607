import { STATUS_CODES } from 'node:http';
import { type Problem, Refusal, refusal } from '@carpenter/protocol';
import type { FastifyReply } from 'fastify';
import { codeOf, isConnectionFault } from '../store/database.ts';

/** RFC 9457. The fragment of `type` is the entry in the list of all refusals. */
export function toProblem({ code, status, message, details, retryAfterMs }: Refusal): Problem {
  const { retryAfterMs: _, ...others }: { retryAfterMs?: unknown } = details;
  return {
    type: `/api/docs#${code}`,
    title: STATUS_CODES[status] ?? 'Refused',
    status,
    code,
    detail: message,
    ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(retryAfterMs) }),
    ...(Object.keys(others).length > 0 && { details: others }),
  };
}

/** Sends it with the headers that belong to it. */
export function sendProblem(reply: FastifyReply, refused: Refusal): FastifyReply {
  const body = toProblem(refused);
  if (body.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(body.retryAfterMs / 1_000));
  if (body.status === 401) reply.header('www-authenticate', 'Bearer');
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  return reply.code(body.status).type('application/problem+json').send(JSON.stringify(body));
}

/** Whatever was thrown, as a refusal; undefined: a bug of ours. */
export function asRefusal(error: unknown, maxBytes: number): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (isConnectionFault(error)) return refusal('storage_unavailable', { retryAfterMs: 1_000 });
  const code = codeOf(error);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return refusal('body.too_large', { maxBytes });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return refusal('body.not_json', {});
  if (code === 'FST_ERR_BAD_URL') return badInput('The address is not valid percent-encoded UTF-8.');
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH') return badInput('The body is not as long as Content-Length says.');
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (status === 404 || status === 403) return refusal('route.unknown', {}); // of the static files
  if (typeof status === 'number' && status >= 400 && status < 500) return badInput('The request cannot be read.');
  return undefined;
}

export const badInput = (message: string, path = ''): Refusal =>
  refusal('input.invalid', { issues: [{ path, message }] });
