import type { Id } from '@carpenter/protocol';
import { createLimiter } from '../auth/limiter.ts';
import type { Config } from '../config.ts';

/** What all connections of one account may do together on this node: limits of one connection alone bind nobody who opens more. */
export interface Accounts {
  /** Counts one more connection. @returns 0, or after how many ms to try again; then it was not counted */
  begin(userId: Id): number;
  end(userId: Id): void;
  /** Takes one frame. @returns 0, or after how many ms there is room for one */
  spend(userId: Id): number;
}

/** Connections of one account: its devices, with a tab each for whoever never closes one. */
const connectionsMax = 100;
/** As much as so many busy connections. */
const busyConnections = 10;
const fullWaitMs = 60_000;

export function createAccounts({ framesPerMinute, requestsPerMinute }: Config['rates']): Accounts {
  const counts = new Map<Id, number>();
  const begins = createLimiter(requestsPerMinute, 60_000); // each asks the database as much as many requests do
  const frames = createLimiter(framesPerMinute * busyConnections, 60_000);
  return {
    begin(userId) {
      const count = counts.get(userId) ?? 0;
      if (count >= connectionsMax) return fullWaitMs;
      const wait = begins.take(userId);
      if (wait === 0) counts.set(userId, count + 1);
      return wait;
    },
    end(userId) {
      const left = (counts.get(userId) ?? 1) - 1;
      if (left > 0) counts.set(userId, left);
      else counts.delete(userId);
    },
    spend: userId => frames.take(userId),
  };
}
