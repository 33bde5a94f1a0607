import { canonicalUsername, type Id, type Me, refuse, type Session, username as usernameOf } from '@carpenter/protocol';
import type { Logger } from 'pino';
import type { Bus } from '../bus/bus.ts';
import type { Config } from '../config.ts';
import { v7 } from '../ids.ts';
import { type AuditedBy, cameFrom, record } from '../store/audit.ts';
import { type Db, transaction } from '../store/database.ts';
import {
  type EndReason,
  endOtherSessions,
  endSession,
  fallenAmong,
  idleDays,
  insertSession,
  liveSessions,
  rotate,
} from '../store/sessions.ts';
import { anyAccount, credentialsOf, meById, passwordHashOf, setPassword } from '../store/users.ts';
import { type AccountInput, createAccount, isTaken } from './accounts.ts';
import type { Actor } from './actor.ts';
import { createLimiter } from './limiter.ts';
import { hashPassword, type PasswordCost, passwordMatches } from './password.ts';
import type { SharedLimits } from './shared-limits.ts';
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
  readonly alongside?: AccountInput['alongside'];
}

export interface Auth {
  /** @throws account.taken, auth.too_many, auth.busy */
  register(input: Registration, from: From): Promise<Grant>;
  /** @throws auth.wrong (nobody has that name, or the password is wrong), auth.too_many, auth.busy, auth.suspended */
  login(input: { username: string; password: string }, from: From): Promise<Grant>;
  /** @throws auth.refresh_invalid, auth.refresh_reused (the session was ended), auth.suspended */
  refresh(token: string, from: From): Promise<Grant>;
  logout(actor: Actor): Promise<void>;
  /** Ends all other sessions. @throws auth.wrong_password, auth.too_many, auth.busy */
  changePassword(actor: Actor, passwords: { current: string; next: string }, from: From): Promise<void>;
  sessions(actor: Actor): Promise<Session[]>;
  /** @throws session.unknown */
  endSession(actor: Actor, id: Id): Promise<void>;
  /** Those of these logins that stand no longer, and why. */
  fallenAmong(sessionIds: readonly Id[]): Promise<ReadonlyMap<Id, 'ended' | 'suspended'>>;
  /** @throws auth.too_many */
  isFree(username: string, from: From): Promise<boolean>;
  /** False: the next account becomes the owner. */
  inhabited(): Promise<boolean>;
  /** Cheap: a known token costs two look-ups in memory. @throws auth.required, auth.expired, auth.suspended */
  verify(token: string): Promise<Verified>;
  /** The same for the cookie that a page's pictures come with. */
  verifyMedia(token: string): Promise<Verified>;
}

/** Lines about refused logins at one account from one address, so that one that is loud hides no other. */
const refusedNotedPerHour = 60;
/** The same from all addresses together. */
const refusedNotedPerHourOfAll = 600;
/** Who ends a session: its own account, or somebody at an address who showed an old token of it. */
type EndedBy = AuditedBy & { readonly userId: Id };

export interface AuthNeeds {
  readonly db: Db;
  readonly bus: Bus;
  /** At least 32 bytes, the same on all nodes. */
  readonly secret: string;
  readonly accessTokenSeconds: number;
  readonly passwordCost: PasswordCost;
  readonly rates: Config['rates'];
  readonly sharedLimits: SharedLimits;
  readonly log: Logger;
}

export function createAuth(needs: AuthNeeds): Auth {
  const { db, bus, secret, accessTokenSeconds, passwordCost, rates, sharedLimits, log } = needs;
  const tokens = createTokens(secret, accessTokenSeconds);
  const isName = (text: string): boolean => usernameOf.safeParse(text).success; // PostgreSQL takes no NUL, not even to look for it
  const tries = createTries(rates, sharedLimits, async (name, address) => isName(name) && cameFrom(db, name, address));
  const refusedNoted = createLimiter(refusedNotedPerHour, 3_600_000); // guessing goes on for days, the table must not
  const refusedNotedOfAll = createLimiter(refusedNotedPerHourOfAll, 3_600_000);
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

  /** @returns undefined: this is not the password any more */
  async function begin(user: Me, from: From, passwordHash?: string): Promise<Grant | undefined> {
    const session = { id: v7(), userId: user.id, device: from.device };
    const begun = await transaction(db, async tx => {
      if (!(await insertSession(tx, session, passwordHash))) return false;
      const by = { userId: user.id, sessionId: session.id, address: from.address };
      await record(tx, 'session.begun', by, {}, { device: from.device });
      return true;
    });
    return begun ? grant(user, session.id, 1) : undefined;
  }

  async function end(by: EndedBy, sessionId: Id, because: EndReason): Promise<boolean> {
    const { userId } = by;
    const ended = await transaction(db, async tx => {
      const ended = await endSession(tx, userId, sessionId, because);
      if (ended) await record(tx, 'session.ended', by, { userId }, { sessionId, because });
      return ended;
    });
    if (ended) {
      log.info({ userId, sessionId, because }, 'session ended');
      bus.publish({ to: 'hub', change: 'session.ended', userId, sessionId });
    }
    return ended;
  }

  /** Written down beside the answer: its time must not tell which names exist. */
  function turnAway(because: 'auth.wrong' | 'auth.suspended', userId: Id | undefined, { address }: From): never {
    if (refusedNoted.take(`${address} ${userId ?? ''}`) === 0 && refusedNotedOfAll.take(userId ?? address) === 0) {
      record(db, 'session.refused', { address }, { userId }, { because }).catch((error: unknown) =>
        log.warn({ err: error }, 'a refused login could not be written down'),
      );
    }
    refuse(because, {});
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
        await tries.askName(from.address); // the answer says that the name exists: it counts like asking for it
        refuse('account.taken', {}); // before the expensive part
      }
      const user = await tries.register(from.address, async () => {
        const passwordHash = await hashPassword(input.password, passwordCost);
        return createAccount(db, { ...input, passwordHash }, { address: from.address });
      });
      tries.know(user.username, from.address);
      return (await begin(user, from)) ?? refuse('auth.wrong', {});
    },

    login({ username, password }, from) {
      const name = canonicalUsername(username);
      return tries.login(name, from.address, async () => {
        const credentials = isName(name) ? await credentialsOf(db, name) : undefined;
        const matches = await passwordMatches(password, credentials?.passwordHash);
        if (!credentials || !matches) return turnAway('auth.wrong', credentials?.user.id, from);
        if (credentials.suspended) return turnAway('auth.suspended', credentials.user.id, from);
        const begun = await begin(credentials.user, from, credentials.passwordHash);
        return begun ?? turnAway('auth.wrong', credentials.user.id, from); // changed while it was judged
      });
    },

    async refresh(token, from) {
      const read = tokens.readRefresh(token);
      const turn = read && (await rotate(db, read.sessionId, read.generation));
      if (!read || !turn || turn.outcome === 'ended') refuse('auth.refresh_invalid', {});
      if (turn.outcome === 'suspended') refuse('auth.suspended', {});
      if (turn.outcome === 'reused') {
        await end({ userId: turn.userId, address: from.address }, read.sessionId, 'reuse');
        refuse('auth.refresh_reused', {});
      }
      const user = await meById(db, turn.userId);
      if (!user) refuse('auth.refresh_invalid', {}); // deleted just now
      return grant(user, read.sessionId, read.generation + 1);
    },

    async logout(actor) {
      await end(actor, actor.sessionId, 'logout');
    },

    async changePassword(actor, { current, next }, from) {
      const { userId, sessionId } = actor;
      const before = await tries.ownPassword(sessionId, from.address, async () => {
        const hash = await passwordHashOf(db, userId);
        if (hash !== undefined && (await passwordMatches(current, hash))) return hash;
        await record(db, 'password.refused', actor, { userId }, {});
        return refuse('auth.wrong_password', {});
      });
      const passwordHash = await hashPassword(next, passwordCost);
      const sessionsEnded = await transaction(db, async tx => {
        if (!(await setPassword(tx, userId, before, passwordHash))) return undefined;
        const ended = await endOtherSessions(tx, userId, sessionId);
        await record(tx, 'password.changed', actor, { userId }, { sessionsEnded: ended });
        return ended;
      });
      if (!sessionsEnded) refuse('auth.wrong_password', {}); // it was changed meanwhile, from elsewhere
      for (const other of sessionsEnded) {
        bus.publish({ to: 'hub', change: 'session.ended', userId, sessionId: other });
      }
      log.info({ userId }, 'password changed');
    },

    sessions: actor => liveSessions(db, actor.userId, actor.sessionId),

    async endSession(actor, id) {
      if (!(await end(actor, id, 'ended'))) refuse('session.unknown', {});
    },

    fallenAmong: ids => fallenAmong(db, ids),

    async inhabited() {
      seen ||= await anyAccount(db);
      return seen;
    },

    async isFree(username, from) {
      await tries.askName(from.address);
      return !(await isTaken(db, username));
    },
  };
}
