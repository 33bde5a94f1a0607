import { closes } from '@carpenter/protocol';
import type { Logger } from 'pino';
import type { Auth } from '../auth/auth.ts';
import type { Bus } from '../bus/bus.ts';
import type { Hub } from './hub.ts';

const atOnce = 1_000;

/**
 * Ends connections whose login stands no longer, whoever ended it: the word of another node may be lost, and an operator on the
 * machine has no way to say it. The bus only makes it quicker.
 */
export function watchSessions(hub: Hub, bus: Bus, auth: Auth, everyMs: number, log: Logger): { close(): void } {
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return; // a database that is away is asked once at a time
    looking = true;
    look()
      .catch((error: unknown) => log.warn({ err: error }, 'whether logins still stand could not be asked'))
      .finally(() => {
        looking = false;
      });
  }, everyMs);

  async function look(): Promise<void> {
    const sessions = Map.groupBy(hub.seats(), ({ actor }) => actor.sessionId);
    const ids = [...sessions.keys()];
    for (let from = 0; from < ids.length; from += atOnce) {
      for (const [sessionId, why] of await auth.fallenAmong(ids.slice(from, from + atOnce))) {
        const seats = sessions.get(sessionId) ?? [];
        if (why === 'suspended') for (const seat of seats) seat.end(closes.forbidden);
        const [first] = seats;
        if (first) bus.publish({ to: 'hub', change: 'session.ended', userId: first.actor.userId, sessionId });
      }
    }
  }

  return { close: () => clearInterval(timer) };
}
