import { STATUS_CODES } from 'node:http';
import { type Problem, type Refusal, refusal } from '@carpenter/protocol';
import type { FastifyReply } from 'fastify';

/** RFC 9457. The fragment of `type` is the entry in the list of all refusals. */
function toProblem({ code, status, message, details, retryAfterMs }: Refusal): Problem {
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
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-store');
  return reply.code(body.status).type('application/problem+json').send(JSON.stringify(body));
}

/** The same as bytes, where there is no reply to write to: the connection ends after it. */
export function bareProblem(refused: Refusal, headers: Readonly<Record<string, string>>): string {
  const problem = toProblem(refused);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...(problem.retryAfterMs === undefined ? [] : [`Retry-After: ${Math.ceil(problem.retryAfterMs / 1_000)}`]),
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** What Fastify and its plugins throw about a request, in our words; undefined for anything else. */
export function refusalOfFastify(error: unknown, maxBytes: number): Refusal | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
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
