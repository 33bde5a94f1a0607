import { type Id, Refusal, refuse } from '@carpenter/protocol';
import type { Config } from '../config.ts';
import { createRecent } from '../recent.ts';
import type { SharedLimiter, SharedLimits } from './shared-limits.ts';

const minute = 60_000;
/** A busy server or a suspended account is nobody's guess. */
const isWrong = (error?: unknown) =>
  error instanceof Refusal && (error.code === 'auth.wrong' || error.code === 'auth.wrong_password');

const succeeded = (error?: unknown) => error === undefined;

/**
 * Slows guessing on all nodes together without giving anybody a lock to hang on somebody else: what counts are tries at one account from one
 * address, tries from one address, and, ten times as wide, tries at one account from addresses from which nobody ever logged
 * in to it. So from a known address the owner gets in, whatever the world tries. Names that nobody has count just so.
 * A right password is no guess, but each login is kept: of those, an account may begin six times as many an hour from one address.
 * @param cameFrom  whether somebody of this name logged in from this address before, on whichever node
 */
export function createTries(
  rates: Config['rates'],
  { limiter }: SharedLimits,
  cameFrom: (username: string, address: string) => Promise<boolean>,
) {
  const perAddress = limiter('login.address', rates.loginTriesPerMinutePerAddress, minute);
  const perPair = limiter('login.pair', rates.loginTriesPerMinutePerAccount, minute);
  const perAccount = limiter('login.account', rates.loginTriesPerMinutePerAccount * 10, minute);
  const perSession = limiter('password.session', rates.loginTriesPerMinutePerAccount, minute);
  const begun = limiter('session.pair', rates.loginTriesPerMinutePerAccount * 6, 60 * minute);
  const registrations = limiter('registration', rates.registrationsPerHourPerAddress, 60 * minute);
  const names = limiter('name', rates.loginTriesPerMinutePerAddress, minute);
  const known = createRecent<string, true>(100_000);
  const strange = createRecent<string, true>(10_000, 10_000);

  /** Whoever was turned away just now is so again, before anything is asked of PostgreSQL. */
  function mustNotWait(taken: [SharedLimiter, string][]): void {
    for (const [limiter, key] of taken) {
      const retryAfterMs = limiter.waitMs(key);
      if (retryAfterMs > 0) refuse('auth.too_many', { retryAfterMs });
    }
  }

  /** Takes one of each, runs `attempt`, and gives them back unless `stays` says that this outcome counts. */
  async function counted<T>(
    taken: [SharedLimiter, string][],
    stays: (error?: unknown) => boolean,
    attempt: () => Promise<T>,
  ): Promise<T> {
    mustNotWait(taken);
    const done: [SharedLimiter, string][] = [];
    const giveBack = async () => {
      for (const [limiter, key] of done) await limiter.giveBack(key);
    };
    for (const [limiter, key] of taken) {
      const retryAfterMs = await limiter.take(key);
      if (retryAfterMs > 0) {
        await giveBack();
        refuse('auth.too_many', { retryAfterMs });
      }
      done.push([limiter, key]);
    }
    try {
      const result = await attempt();
      if (!stays()) await giveBack();
      return result;
    } catch (error) {
      if (!stays(error)) await giveBack();
      throw error;
    }
  }

  return {
    /** @throws auth.too_many, and what `attempt` throws */
    async login<T>(username: string, address: string, attempt: () => Promise<T>): Promise<T> {
      const pair = `${address} ${username}`;
      const here: [SharedLimiter, string][] = [
        [perAddress, address],
        [perPair, pair],
      ];
      const all: [SharedLimiter, string][] = [[perAccount, username]];
      if (strange.has(pair)) mustNotWait(all);
      return counted(here, isWrong, async () => {
        // asked of whom those let through only
        const isKnown = known.has(pair) || (!strange.has(pair) && (await cameFrom(username, address)));
        if (!isKnown) strange.set(pair, true);
        const result = await counted(isKnown ? [] : all, isWrong, () => counted([[begun, pair]], succeeded, attempt));
        known.set(pair, true);
        strange.delete(pair);
        return result;
      });
    },
    /**
     * Of somebody who is logged in: counted by their session, which those who guess from elsewhere do not have.
     * @throws auth.too_many, and what `attempt` throws
     */
    ownPassword: <T>(sessionId: Id, address: string, attempt: () => Promise<T>): Promise<T> =>
      counted(
        [
          [perAddress, address],
          [perSession, sessionId],
        ],
        isWrong,
        attempt,
      ),
    /** Accounts made, not tries: who mistypes a name is not slowed. @throws auth.too_many, and what `attempt` throws */
    register: <T>(address: string, attempt: () => Promise<T>): Promise<T> =>
      counted([[registrations, address]], succeeded, attempt),
    /** Asking which names exist is the first half of guessing. @throws auth.too_many */
    async askName(address: string): Promise<void> {
      const retryAfterMs = await names.take(address);
      if (retryAfterMs > 0) refuse('auth.too_many', { retryAfterMs });
    },
    /** After registering: this address is theirs. */
    know(username: string, address: string): void {
      known.set(`${address} ${username}`, true);
      strange.delete(`${address} ${username}`);
    },
  };
}
