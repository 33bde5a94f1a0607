import { apiPrefix, problem } from '@carpenter/protocol';

/** What came over HTTP, or why nothing did. */
export type Answer =
  | { readonly is: 'answer'; readonly status: number; readonly body: unknown }
  | Refused
  /** It may have happened or not. */
  | { readonly is: 'lost'; readonly words: string };

export interface Refused {
  readonly is: 'refusal';
  readonly status: number;
  /** `http.STATUS`, which is in no list, where the answer is none of the protocol. */
  readonly code: string;
  readonly words: string;
  readonly retryAfterMs?: number;
}

/** Of an answer that is none of the protocol; its code is then in no list. */
export const outsideWords = 'This answer is none of the protocol.';

const patienceMs = 20_000;
interface Asking {
  readonly token?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly withinMs?: number;
}

export async function ask(
  url: string,
  method: string,
  path: string,
  { token, body, signal, withinMs = patienceMs }: Asking = {},
): Promise<Answer> {
  const late = AbortSignal.timeout(withinMs);
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(url + apiPrefix + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    text = await answer.text();
  } catch (error) {
    return { is: 'lost', words: wordsOf(error) };
  }
  const { ok, status } = answer;
  const value = jsonIn(text);
  return ok && (text === '' || value !== undefined) ? { is: 'answer', status, body: value } : refusalIn(status, text);
}

/** What a refusal over HTTP says. */
export function refusalIn(status: number, text: string): Refused {
  const { data } = problem.safeParse(jsonIn(text));
  if (!data) return { is: 'refusal', status, code: `http.${status}`, words: outsideWords };
  const { code, detail: words, retryAfterMs } = data;
  return { is: 'refusal', status, code, words, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** Undefined where it is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
