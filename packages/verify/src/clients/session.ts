import { api, type Id, type LoggedIn, worthRetrying } from '@carpenter/protocol';
import type { Account } from '../world/types.ts';
import { type Answer, ask } from './door.ts';
import { backoff, pause } from './pause.ts';

/** A login by the book: its tokens, and how it gets the next ones. */
export interface Session {
  readonly userId: Id;
  /** An access token that the server took a moment ago for good; a new one where the last is used up. */
  token(): Promise<string>;
  /** The present one is used up, says the server. */
  renew(): Promise<string>;
}

const spareMs = 5_000;

/** @throws once `signal` is aborted; until then it tries again */
export async function logIn(
  url: string,
  account: Account,
  chance: () => number,
  signal: AbortSignal,
): Promise<Session> {
  let grant = await enter();
  let endsAt = endOf(grant);
  let renewing: Promise<string> | undefined;

  async function enter(): Promise<LoggedIn> {
    const body = { ...account, refresh: 'body' };
    for (let attempt = 0; !signal.aborted; attempt++) {
      const answer = await ask(url, 'POST', '/auth/login', { body, signal });
      if (answer.is === 'answer') return api.login.answers[200].parse(answer.body);
      if (answer.is === 'refusal' && answer.code === 'auth.wrong')
        throw new Error(`${account.username}: ${answer.words}`);
      await pause(backoff(attempt, chance(), answer.is === 'refusal' ? answer.retryAfterMs : undefined), signal);
    }
    throw signal.reason;
  }

  /** What was not answered is asked again, within the 10 s in which the server takes it for the same question. */
  async function refresh(): Promise<LoggedIn> {
    const { refreshToken } = grant;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const answer = await ask(url, 'POST', '/auth/refresh', { body: { refreshToken }, signal });
      if (answer.is === 'answer') return api.refresh.answers[200].parse(answer.body);
      if (answer.is === 'refusal' && answer.status < 429) return enter();
      await pause(backoff(attempt, chance(), answer.is === 'refusal' ? answer.retryAfterMs : undefined), signal);
    }
    throw signal.reason;
  }

  const session: Session = {
    userId: grant.user.id,
    token: async () => (endsAt - performance.now() > spareMs ? grant.accessToken : session.renew()),
    renew() {
      renewing ??= refresh()
        .then(fresh => {
          grant = fresh;
          endsAt = endOf(fresh);
          return fresh.accessToken;
        })
        .finally(() => {
          renewing = undefined;
        });
      return renewing;
    },
  };
  return session;
}

/** A request in somebody's name. A token that the server takes for used up is renewed once. */
export async function askAs(
  session: Session,
  url: string,
  method: string,
  path: string,
  more: { body?: unknown; signal: AbortSignal },
): Promise<Answer> {
  const first = await ask(url, method, path, { token: await session.token(), ...more });
  if (first.is !== 'refusal' || first.code !== 'auth.expired') return first;
  return ask(url, method, path, { token: await session.renew(), ...more });
}

/**
 * The same until there is an answer, or a refusal for good.
 * @throws where it is refused for good, and when `signal` is aborted
 */
export async function askSurely(
  session: Session,
  { url, signal, chance }: { url: string; signal: AbortSignal; chance: () => number },
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    const answer = await askAs(session, url, method, path, { body, signal });
    if (answer.is === 'answer') return answer.body;
    if (answer.is === 'refusal' && !worthRetrying(answer.code)) throw new Refused(answer.code, answer.words);
    await pause(backoff(attempt, chance(), answer.is === 'refusal' ? answer.retryAfterMs : undefined), signal);
  }
  throw signal.reason;
}
export class Refused extends Error {
  readonly code: string;
  constructor(code: string, words: string) {
    super(words);
    this.code = code;
  }
}

/** By our own clock: the server's may be wrong, and a token lives for as long as it said. */
function endOf({ accessToken }: LoggedIn): number {
  const claims: unknown = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());
  if (typeof claims !== 'object' || claims === null || !('exp' in claims && 'iat' in claims)) throw new Error('no JWT');
  return performance.now() + (Number(claims.exp) - Number(claims.iat)) * 1_000;
}
