import { type Id, refuse } from '@carpenter/protocol';
import type { Config } from '../config.ts';
import type { SharedLimiter, SharedLimits } from './shared-limits.ts';

/** What costs much, or what others have to bear. */
export type Allowed = 'invite' | 'report' | 'search' | 'upload' | 'add' | 'room';

/** How much of it one person may do, on all nodes together. */
export interface Allowances {
  /** @param cost  rooms of an invite, people who are added: what is large counts as much. @throws rate.exceeded */
  spend(what: Allowed, userId: Id, cost?: number): Promise<void>;
}

const hour = 3_600_000;

export function createAllowances(limits: SharedLimits, rates: Config['rates']): Allowances {
  const limiters: { readonly [A in Allowed]: SharedLimiter } = {
    invite: limits.limiter('invite', rates.invitesPerHour, hour),
    report: limits.limiter('report', rates.reportsPerHour, hour),
    search: limits.limiter('search', rates.searchesPerMinute, 60_000),
    upload: limits.limiter('upload', rates.uploadsPerHour, hour),
    add: limits.limiter('add', rates.addedPerHour, hour),
    room: limits.limiter('room', rates.roomsPerHour, hour),
  };
  return {
    async spend(what, userId, cost = 1) {
      if (cost === 0) return;
      const retryAfterMs = await limiters[what].take(userId, cost);
      if (retryAfterMs > 0) refuse('rate.exceeded', { retryAfterMs });
    },
  };
}
