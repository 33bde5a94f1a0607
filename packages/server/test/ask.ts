import assert from 'node:assert/strict';
import { type Problem, problem, type RefusalCode } from '@carpenter/protocol';

export interface Asked {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  json(): Record<string, unknown>;
}

/** A request as a program makes it. A `body` that is text goes out as it is, anything else as JSON. */
export async function ask(url: string, path: string, { method, token, body, headers }: Asked = {}): Promise<Answer> {
  const answer = await fetch(url + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    redirect: 'manual',
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) };
}

/** That it is a refusal as RFC 9457 wants it, with this code. @returns its body */
export function refused(answer: Answer, code: RefusalCode): Problem {
  assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8', answer.text);
  const told = problem.parse(answer.json());
  assert.equal(told.code, code, answer.text);
  assert.equal(told.status, answer.status);
  assert.equal(told.type, `/api/docs#${code}`);
  assert.ok(told.detail.length > 10, told.detail);
  return told;
}

export const login = (url: string, username: string, password: string, headers?: Record<string, string>) =>
  ask(url, '/api/v1/auth/login', {
    body: { username, password, refresh: 'body' },
    ...(headers && { headers }),
  });

export const refresh = (url: string, refreshToken: string | undefined) =>
  ask(url, '/api/v1/auth/refresh', { body: { refreshToken } });

/** Whether this access token still opens the door. */
export const knocks = async (url: string, token: string): Promise<number> =>
  (await ask(url, '/api/v1/users/me', { token })).status;
