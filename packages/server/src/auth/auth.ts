import { canonicalUsername, type Id, type Me, refuse, type Session, username as usernameOf } from '@carpenter/protocol';
import type { Logger } from 'pino';
import type { Bus } from '../bus/bus.ts';
import type { Actor } from '../chat/actor.ts';
import type { Config } from '../config.ts';
import { v7 } from '../ids.ts';
import type { Db } from '../store/database.ts';
import {
  type EndReason,
  endOtherSessions,
  endSession,
  idleDays,
  insertSession,
  liveSessions,
  rotate,
} from '../store/sessions.ts';
import { anyAccount, credentialsOf, meById, passwordHashOf, setPassword } from '../store/users.ts';
import { createAccount, isTaken } from './accounts.ts';
import { hashPassword, passwordMatches } from './password.ts';
import { createStandings } from './standing.ts';
import { createTokens, type Verified } from './tokens.ts';
import { createTries } from './tries.ts';
import { createVerifier } from './verify.ts';

/** Where a login comes from. `address`: as `addressKey` leaves it; `device`: for people, in the list of sessions. */
export interface From {
  readonly address: string;
  readonly device: string;
}

export interface Grant {
  readonly user: Me;
  readonly accessToken: string;
  /** Of the access token, ISO 8601. */
  readonly expiresAt: string;
  readonly refreshToken: string;
  /** Reads files, and opens nothing else. */
  readonly mediaToken: string;
}

export { idleDays, type Verified };

export interface Registration {
  readonly username: string;
  readonly displayName?: string | undefined;
  readonly password: string;
  readonly guest?: boolean;
}

export interface Auth {
  /** @throws account.taken, auth.too_many, auth.busy */
  register(input: Registration, from: From): Promise<Grant>;
  /** @throws auth.wrong (nobody has that name, or the password is wrong), auth.too_many, auth.busy, auth.suspended */
  login(input: { username: string; password: string }, from: From): Promise<Grant>;
  /** @throws auth.refresh_invalid, auth.refresh_reused (the session was ended), auth.suspended */
  refresh(token: string): Promise<Grant>;
  logout(actor: Actor): Promise<void>;
  /** Ends all other sessions. @throws auth.wrong_password, auth.too_many, auth.busy */
  changePassword(actor: Actor, passwords: { current: string; next: string }, from: From): Promise<void>;
  sessions(actor: Actor): Promise<Session[]>;
  /** @throws session.unknown */
  endSession(actor: Actor, id: Id): Promise<void>;
  /** @throws auth.too_many */
  isFree(username: string, from: From): Promise<boolean>;
  /** False: the next account becomes the owner. */
  inhabited(): Promise<boolean>;
  /** Cheap: a known token costs two look-ups in memory. @throws auth.required, auth.expired, auth.suspended */
  verify(token: string): Promise<Verified>;
  /** The same for the cookie that a page's pictures come with. */
  verifyMedia(token: string): Promise<Verified>;
}

export interface AuthNeeds {
  readonly db: Db;
  readonly bus: Bus;
  /** At least 32 bytes, the same on all nodes. */
  readonly secret: string;
  readonly accessTokenSeconds: number;
  readonly rates: Config['rates'];
  readonly log: Logger;
}

export function createAuth({ db, bus, secret, accessTokenSeconds, rates, log }: AuthNeeds): Auth {
  const tokens = createTokens(secret, accessTokenSeconds);
  const tries = createTries(rates);
  let seen = false; // accounts come, the first one never goes

  async function grant(user: Me, sessionId: Id, generation: number): Promise<Grant> {
    const who = { userId: user.id, username: user.username, sessionId };
    const access = await tokens.issueAccess(who);
    return {
      user,
      accessToken: access.token,
      expiresAt: new Date(access.expiresAt).toISOString(),
      refreshToken: tokens.refreshToken(sessionId, generation),
      mediaToken: tokens.mediaToken(who),
    };
  }

  async function begin(user: Me, from: From): Promise<Grant> {
    const session = { id: v7(), userId: user.id, device: from.device };
    await insertSession(db, session);
    return grant(user, session.id, 1);
  }

  async function end(userId: Id, sessionId: Id, because: EndReason): Promise<boolean> {
    const ended = await endSession(db, userId, sessionId, because);
    if (ended) {
      log.info({ userId, sessionId, because }, 'session ended');
      bus.publish({ to: 'hub', change: 'session.ended', userId, sessionId });
    }
    return ended;
  }

  const mustStand = createStandings(db, bus);
  return {
    verify: createVerifier(tokens, mustStand),

    async verifyMedia(token) {
      const verified = tokens.readMedia(token);
      await mustStand(verified.sessionId, verified.userId);
      return verified;
    },

    async register(input, from) {
      if (await isTaken(db, input.username)) {
        tries.askName(from.address); // the answer says that the name exists: it counts like asking for it
        refuse('account.taken', {}); // before the expensive part
      }
      const user = await tries.register(from.address, () => createAccount(db, input));
      tries.know(user.username, from.address);
      return begin(user, from);
    },

    login({ username, password }, from) {
      const name = canonicalUsername(username);
      return tries.login(name, from.address, async () => {
        const credentials = usernameOf.safeParse(name).success ? await credentialsOf(db, name) : undefined;
        const matches = await passwordMatches(password, credentials?.passwordHash);
        if (!credentials || !matches) refuse('auth.wrong', {});
        if (credentials.suspended) refuse('auth.suspended', {});
        return begin(credentials.user, from);
      });
    },

    async refresh(token) {
      const read = tokens.readRefresh(token);
      const turn = read && (await rotate(db, read.sessionId, read.generation));
      if (!read || !turn || turn.outcome === 'ended') refuse('auth.refresh_invalid', {});
      if (turn.outcome === 'suspended') refuse('auth.suspended', {});
      if (turn.outcome === 'reused') {
        await end(turn.userId, read.sessionId, 'reuse');
        refuse('auth.refresh_reused', {});
      }
      const user = await meById(db, turn.userId);
      if (!user) refuse('auth.refresh_invalid', {}); // deleted just now
      return grant(user, read.sessionId, read.generation + 1);
    },

    async logout(actor) {
      await end(actor.userId, actor.sessionId, 'logout');
    },

    async changePassword({ userId, username, sessionId }, { current, next }, from) {
      await tries.login(username, from.address, async () => {
        const hash = await passwordHashOf(db, userId);
        if (!(await passwordMatches(current, hash))) refuse('auth.wrong_password', {});
      });
      await setPassword(db, userId, await hashPassword(next));
      for (const other of await endOtherSessions(db, userId, sessionId)) {
        bus.publish({ to: 'hub', change: 'session.ended', userId, sessionId: other });
      }
      log.info({ userId }, 'password changed');
    },

    sessions: actor => liveSessions(db, actor.userId, actor.sessionId),

    async endSession(actor, id) {
      if (!(await end(actor.userId, id, 'ended'))) refuse('session.unknown', {});
    },

    async inhabited() {
      seen ||= await anyAccount(db);
      return seen;
    },

    async isFree(username, from) {
      tries.askName(from.address);
      return !(await isTaken(db, username));
    },
  };
}
