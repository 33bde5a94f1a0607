import { apiPrefix, type Problem, problem } from '@carpenter/protocol';
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
    async call<N extends Called>(name: N, input: Input<N>, token?: string) {
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
        body: answerOf<N>(response, text),
        ...(Number.isFinite(date) && { serverTime: date }),
      };
    },
  };
}

function answerOf<N extends Called>({ status }: Response, text: string): Answer<N> {
  const answer = text === '' ? undefined : parsed(text);
  if (isOurs<N>(answer)) return answer;
  throw foreign(status);
}
/** All of ours are objects, or empty. Their fields are trusted: our own server's tests hold it to the schemas. */
const isOurs = <N extends Called>(answer: unknown): answer is Answer<N> =>
  answer === undefined || (typeof answer === 'object' && answer !== null && !Array.isArray(answer));

/** What is no JSON is null. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
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

/** What a refusal says. */
export type Said = Pick<Problem, 'code' | 'detail' | 'retryAfterMs' | 'details'>;

/** problem+json of our server, or our words for what somebody else answered. */
export function problemOf({ status, headers }: Response, text: string): Said {
  const ours = problem.safeParse(parsed(text));
  if (ours.success) return ours.data;
  const { code, message } = gatewayStatuses.has(status) ? unreachable() : foreign(status);
  const retryAfterMs = Number(headers.get('retry-after')) * 1_000;
  return { code, detail: message, ...(retryAfterMs > 0 && { retryAfterMs }) };
}

export function refusalOf(response: Response, text: string): ClientError {
  const { code, detail, retryAfterMs, details } = problemOf(response, text);
  return new ClientError(code, detail, { ...(retryAfterMs && { retryAfterMs }), ...(details && { details }) });
}
