import { Refusal, refuse } from '@carpenter/protocol';
import type { Config } from '../config.ts';
import { createRecent } from '../recent.ts';
import { createLimiter, type Limiter } from './limiter.ts';

const minute = 60_000;
/** A busy server or a suspended account is nobody's guess. */
const isWrong = (error?: unknown) =>
  error instanceof Refusal && (error.code === 'auth.wrong' || error.code === 'auth.wrong_password');

/**
 * Slows guessing without giving anybody a lock to hang on somebody else: what counts are tries at one account from one
 * address, tries from one address, and, ten times as wide, tries at one account from addresses from which nobody ever logged
 * in to it. So from a known address the owner gets in, whatever the world tries. Names that nobody has count just so.
 */
export function createTries(rates: Config['rates']) {
  const perAddress = createLimiter(rates.loginTriesPerMinutePerAddress, minute);
  const perPair = createLimiter(rates.loginTriesPerMinutePerAccount, minute);
  const perAccount = createLimiter(rates.loginTriesPerMinutePerAccount * 10, minute);
  const registrations = createLimiter(rates.registrationsPerHourPerAddress, 60 * minute);
  const names = createLimiter(rates.loginTriesPerMinutePerAddress, minute);
  const known = createRecent<string, true>(100_000);

  /** Takes one of each, runs `attempt`, and gives them back unless `stays` says that this outcome counts. */
  async function counted<T>(
    taken: [Limiter, string][],
    stays: (error?: unknown) => boolean,
    attempt: () => Promise<T>,
  ): Promise<T> {
    const done: [Limiter, string][] = [];
    const giveBack = () => {
      for (const [limiter, key] of done) limiter.giveBack(key);
    };
    for (const [limiter, key] of taken) {
      const retryAfterMs = limiter.take(key);
      if (retryAfterMs > 0) {
        giveBack();
        refuse('auth.too_many', { retryAfterMs });
      }
      done.push([limiter, key]);
    }
    try {
      const result = await attempt();
      if (!stays()) giveBack();
      return result;
    } catch (error) {
      if (!stays(error)) giveBack();
      throw error;
    }
  }

  return {
    /** @throws auth.too_many, and what `attempt` throws */
    async login<T>(username: string, address: string, attempt: () => Promise<T>): Promise<T> {
      const pair = `${address} ${username}`;
      const taken: [Limiter, string][] = [
        [perAddress, address],
        [perPair, pair],
      ];
      if (!known.has(pair)) taken.push([perAccount, username]);
      const result = await counted(taken, isWrong, attempt);
      known.set(pair, true);
      return result;
    },
    /** Accounts made, not tries: who mistypes a name is not slowed. @throws auth.too_many, and what `attempt` throws */
    register: <T>(address: string, attempt: () => Promise<T>): Promise<T> =>
      counted([[registrations, address]], error => error === undefined, attempt),
    /** Asking which names exist is the first half of guessing. @throws auth.too_many */
    askName(address: string): void {
      const retryAfterMs = names.take(address);
      if (retryAfterMs > 0) refuse('auth.too_many', { retryAfterMs });
    },
    /** After registering: this address is theirs. */
    know(username: string, address: string): void {
      known.set(`${address} ${username}`, true);
    },
  };
}
