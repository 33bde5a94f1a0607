import type { LoggedIn, Me } from '@carpenter/protocol';
import { ClientError, foreign, noSession } from './error.ts';
import type { Http } from './http.ts';
import { type Cell, cell } from './observable.ts';
import type { Answer, Called, Input, OpenRoute } from './routes.ts';
import type { Tabs } from './tabs.ts';
import type { Because, Storage } from './types/basics.ts';
import type { SessionState } from './types/connection.ts';

/** Whose account this is, and the tokens that prove it. The access token stays in memory. */
export interface Session {
  readonly state: Cell<SessionState>;
  /** Takes up the login of last time: what is kept is believed at once, and the server is asked when a token is needed. */
  restore(): Promise<void>;
  enter(route: 'register' | 'login', input: Entry): Promise<Me>;
  leave(): Promise<void>;
  /** The session is over; what is kept of the account stays. */
  drop(because?: Because): Promise<void>;
  /** An access token with some time left, refreshed before it is given out if need be. */
  token(): Promise<string>;
  /** A new access token, whatever the present one says. */
  renew(): Promise<string>;
  /** When the present access token ends, by our clock; 0 without one. */
  tokenEndsAt(): number;
  /** A request that needs no account. */
  open<N extends OpenRoute>(name: N, input: Input<N>): Promise<Answer<N>>;
  /** A request in this account's name; an access token that the server takes for old is renewed once. */
  ask<N extends Exclude<Called, OpenRoute>>(name: N, input: Input<N>): Promise<Answer<N>>;
  /** My account as the server has it now. */
  changeMe(me: Me): void;
}

interface Entry {
  readonly username: string;
  readonly password: string;
  readonly displayName?: string;
  /** Of a new account: the code of an invite link. */
  readonly invite?: string;
}

interface Kept {
  readonly me: Me;
  readonly refreshToken?: string;
}
const key = 'session';
/** Stands there after somebody signed out on purpose. */
const left = 'left';
const spareMs = 20_000;
/** A session whose end the server does not hear of ends by itself later. */
const goodbyeMs = 3_000;
/** After these there is no way back into the session. */
const final = new Set(['auth.refresh_invalid', 'auth.refresh_reused', 'auth.suspended', 'auth.required']);

export function createSession(needs: {
  http: Http;
  storage: Storage;
  tabs: Tabs;
  tokens: 'cookie' | 'storage';
  now: () => number;
}): Session {
  const { http, storage, tabs, tokens, now } = needs;
  const state = cell<SessionState>({ phase: 'restoring' });
  const inBody = tokens === 'storage';
  let access: { readonly token: string; readonly endsAt: number } | undefined;
  let renewing: Promise<string> | undefined;
  /** Counts logins and ends of them: an answer to a question from before one is worth nothing. */
  let era = 0;
  /** The server's end of this session is what was asked for. */
  let leaving = false;

  const kept = async (): Promise<Kept | undefined> => {
    const value = await storage.read(key);
    return isKept(value) ? value : undefined;
  };

  async function take(given: LoggedIn | undefined, serverTime = now()): Promise<Me> {
    if (typeof given?.accessToken !== 'string') throw foreign(200); // some other program, which speaks JSON too
    const { user, accessToken, expiresAt, refreshToken } = given;
    if (inBody || state.get().phase !== 'signedIn' || myId() !== user.id)
      await storage.write(key, { me: user, ...(refreshToken !== undefined && { refreshToken }) } satisfies Kept);
    access = { token: accessToken, endsAt: now() + Date.parse(expiresAt) - serverTime };
    if (!sameMe(state.get(), user)) state.set({ phase: 'signedIn', me: user });
    return user;
  }
  const myId = () => {
    const s = state.get();
    return s.phase === 'signedIn' ? s.me.id : undefined;
  };

  async function drop(because?: Because): Promise<void> {
    era++;
    access = undefined;
    await storage.write(key, undefined);
    state.set({ phase: 'signedOut', ...(because && !leaving && { because }) });
  }

  async function refresh(): Promise<string> {
    const refreshToken = inBody ? (await kept())?.refreshToken : undefined;
    if (inBody && refreshToken === undefined) throw noSession();
    const asked = era;
    try {
      const answer = await http.call('refresh', { body: refreshToken === undefined ? {} : { refreshToken } });
      if (asked !== era) throw noSession();
      await take(answer.body, answer.serverTime);
      return answer.body.accessToken;
    } catch (error) {
      // on the first visit nobody was signed in: no reason to tell
      const because = myId() !== undefined &&
        error instanceof ClientError && { code: error.code, words: error.message };
      if (asked === era && error instanceof ClientError && final.has(error.code)) await drop(because || undefined);
      throw error;
    }
  }

  const session: Session = {
    state,
    async restore() {
      const last = await kept();
      if ((await storage.read(key)) === left) state.set({ phase: 'signedOut' });
      else if (last) state.set({ phase: 'signedIn', me: last.me });
      else if (inBody) state.set({ phase: 'signedOut' });
      else {
        // the cookie may have outlived what was kept
        await session.renew().catch(() => {});
        if (state.get().phase !== 'signedIn') state.set({ phase: 'signedOut' });
      }
    },
    async enter(route, { username, password, displayName, invite }) {
      const body = { username, password, refresh: inBody ? ('body' as const) : ('cookie' as const) };
      const answer =
        route === 'login'
          ? await http.call('login', { body })
          : await http.call('register', { body: { ...body, displayName, invite } });
      era++;
      const me = await take(answer.body, answer.serverTime);
      tabs.tell('session');
      return me;
    },
    async leave() {
      // told first, while others still see the connection: then they see at once that I went
      leaving = true;
      const goodbye = session.token().then(token => http.call('logout', {}, token));
      await within(goodbyeMs, goodbye);
      await drop();
      await storage.write(key, left); // the cookie may have stayed, and must not sign in again by itself
      leaving = false;
      tabs.tell('session');
    },
    drop,
    async token() {
      return access && access.endsAt - now() > spareMs ? access.token : session.renew();
    },
    renew() {
      // one at a time, across tabs too: a refresh token is good for one use
      renewing ??= tabs.alone('refresh', refresh).finally(() => {
        renewing = undefined;
      });
      return renewing;
    },
    tokenEndsAt: () => access?.endsAt ?? 0,
    open: async (name, input) => (await http.call(name, input)).body,
    async ask(name, input) {
      if (state.get().phase === 'signedOut') throw noSession();
      try {
        return (await http.call(name, input, await session.token())).body;
      } catch (error) {
        if (!(error instanceof ClientError) || error.code !== 'auth.expired') throw error;
        return (await http.call(name, input, await session.renew())).body;
      }
    },
    changeMe(me) {
      const now = state.get();
      if (now.phase !== 'signedIn' || me.id !== now.me.id || sameMe(now, me)) return;
      state.set({ phase: 'signedIn', me });
      if (!inBody) storage.write(key, { me } satisfies Kept);
    },
  };
  // another tab signed in or out: be what the browser is
  tabs.heard('session', () => {
    access = undefined;
    session.restore();
  });
  return session;
}

/** Resolves when it ends, however it does, or after that time. */
const within = (ms: number, promise: Promise<unknown>): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    promise.then(end, end);
  });

const isKept = (value: unknown): value is Kept => typeof value === 'object' && value !== null && 'me' in value;
const sameMe = (s: SessionState, me: Me) => s.phase === 'signedIn' && JSON.stringify(s.me) === JSON.stringify(me);
