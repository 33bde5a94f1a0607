import { createRecent } from '../recent.ts';
import type { createStandings } from './standing.ts';
import type { Tokens, Verified } from './tokens.ts';

/**
 * Checks the signature of a token once (100 µs) and remembers what it says; whether it is out of date and whether its
 * session still stands is asked every time.
 */
export function createVerifier(tokens: Tokens, mustStand: ReturnType<typeof createStandings>) {
  const read = createRecent<string, Verified>(20_000);
  return async function verify(token: string): Promise<Verified> {
    let verified = read.get(token);
    if (verified === undefined || verified.expiresAt < Date.now()) {
      verified = await tokens.readAccess(token); // judges the time, too
      read.set(token, verified);
    }
    await mustStand(verified.sessionId, verified.userId);
    return verified;
  };
}
