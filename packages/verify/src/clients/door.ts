import { apiPrefix, problem } from '@carpenter/protocol';

/** What came over HTTP, or why nothing did. */
export type Answer =
  | { readonly is: 'answer'; readonly status: number; readonly body: unknown }
  | {
      readonly is: 'refusal';
      readonly status: number;
      readonly code: string;
      readonly words: string;
      readonly retryAfterMs?: number;
    }
  /** It may have happened or not. */
  | { readonly is: 'lost'; readonly words: string };

const patienceMs = 20_000;

export async function ask(
  url: string,
  method: string,
  path: string,
  { token, body, signal }: { token?: string; body?: unknown; signal?: AbortSignal } = {},
): Promise<Answer> {
  const late = AbortSignal.timeout(patienceMs);
  try {
    const answer = await fetch(url + apiPrefix + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    const text = await answer.text();
    const value: unknown = text === '' ? undefined : JSON.parse(text);
    if (answer.ok) return { is: 'answer', status: answer.status, body: value };
    const { code, detail, retryAfterMs } = problem.parse(value);
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    return { is: 'refusal', status: answer.status, code, words: detail, ...wait };
  } catch (error) {
    return { is: 'lost', words: wordsOf(error) };
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
