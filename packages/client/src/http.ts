import { apiPrefix, type Problem } from '@carpenter/protocol';
import { ClientError, foreign, unreachable } from './error.ts';
import { type Answer, type Called, type Input, routes } from './routes.ts';

const timeoutMs = 20_000;

export interface Answered<N extends Called> {
  readonly body: Answer<N>;
  /** The server's clock at that moment, in ms; missing where its `Date` header is. */
  readonly serverTime?: number;
}

export interface Http {
  /** One request, tried once. @throws {ClientError} a refusal, `network.unreachable` or `network.foreign` */
  call<N extends Called>(name: N, input: Input<N>, token?: string): Promise<Answered<N>>;
}

/** @param base address of the server without a slash at its end */
export function createHttp(base: string): Http {
  return {
    async call(name, input, token) {
      const { method } = routes[name];
      const body = 'body' in input ? JSON.stringify(input.body) : undefined;
      const response = await fetch(`${base}${apiPrefix}${addressOf(routes[name].path, input)}`, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(body !== undefined && { body }),
        cache: 'no-store',
        signal: AbortSignal.timeout(timeoutMs),
      }).catch(() => {
        throw unreachable();
      });
      const text = await response.text().catch(() => {
        throw unreachable();
      });
      if (!response.ok) throw refusalOf(response, text);
      const date = Date.parse(response.headers.get('date') ?? '');
      return {
        body: text === '' ? undefined : answerOf(response, text),
        ...(Number.isFinite(date) && { serverTime: date }),
      };
    },
  };
}

/** All of ours are objects. Their fields are trusted: our own server's tests hold it to the schemas. */
function answerOf({ status }: Response, text: string) {
  try {
    const answer = JSON.parse(text);
    if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) return answer;
  } catch {}
  throw foreign(status);
}

function addressOf(path: string, input: object): string {
  const params = 'params' in input ? entries(input.params) : [];
  const query = 'query' in input ? entries(input.query) : [];
  const filled = params.reduce((p, [key, value]) => p.replace(`:${key}`, encodeURIComponent(value)), path);
  return query.length > 0 ? `${filled}?${new URLSearchParams(query)}` : filled;
}
const entries = (object: unknown): [string, string][] =>
  Object.entries(object ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, String(value)]);

/** What a proxy says itself when the server behind it does not answer. */
export const gatewayStatuses = new Set([502, 503, 504]);

/** problem+json of our server, or somebody else's own words. */
export function refusalOf(response: Response, text: string): ClientError {
  const retryAfter = Number(response.headers.get('retry-after')) * 1_000;
  try {
    const { code, detail, retryAfterMs, details }: Partial<Problem> = JSON.parse(text);
    if (typeof code === 'string' && typeof detail === 'string')
      return new ClientError(code, detail, { ...(retryAfterMs && { retryAfterMs }), ...(details && { details }) });
  } catch {}
  const { code, message } = gatewayStatuses.has(response.status) ? unreachable() : foreign(response.status);
  return new ClientError(code, message, retryAfter > 0 ? { retryAfterMs: retryAfter } : {});
}
