import { fixed, type Id, type PresenceStatus } from '@carpenter/protocol';
import type { Logger } from 'pino';
import type { Bus } from '../bus/bus.ts';
import { presenceAudience, writePresence } from '../store/presence.ts';
import type { Store } from '../store/store.ts';
import type { Actor } from './chat.ts';

type Status = Exclude<PresenceStatus, 'offline'>;

/**
 * Who is here. Kept in memory, told at most a few times a second in batches, and written to PostgreSQL with them:
 * a storm of logins is one statement, not thousands.
 */
export interface Presences {
  connected(actor: Actor): void;
  /** "left" is told a while after the last connection went; at once when the person logged out. */
  disconnected(actor: Actor, loggedOut: boolean): void;
  set(actor: Actor, status: Status): void;
  close(): Promise<void>;
}

interface Person {
  readonly username: string;
  connections: number;
  status: Status;
  leavesAt: number;
}
type Change = {
  readonly username: string;
  readonly status: PresenceStatus;
  readonly event: 'joined' | 'left' | 'changed';
};

export function createPresences(
  { store, bus, log }: { store: Store; bus: Bus; log: Logger },
  leftAfterMs: number = fixed.leftAfterMs,
): Presences {
  const people = new Map<Id, Person>();
  let changes = new Map<Id, Change>();
  let telling: Promise<void> | undefined;
  const timer = setInterval(() => {
    const now = Date.now();
    for (const [userId, person] of people)
      if (person.connections === 0 && person.leavesAt <= now) leave(userId, person);
    telling ??= tell().finally(() => {
      telling = undefined;
    });
  }, 200);
  timer.unref();

  function leave(userId: Id, { username }: Person): void {
    people.delete(userId);
    changes.set(userId, { username, status: 'offline', event: 'left' });
  }

  /** Stores and tells what has changed since the last time. What cannot be stored now is tried again with the next. */
  async function tell(): Promise<void> {
    if (changes.size === 0) return;
    const batch = changes;
    changes = new Map();
    try {
      await writePresence(
        store.db,
        [...batch].map(([userId, { status }]) => ({ userId, status })),
      );
      const lastSeenAt = new Date().toISOString();
      for (const [userId, hearers] of await presenceAudience(store.db, [...batch.keys()], fixed.smallRoom)) {
        const change = batch.get(userId);
        if (!change) continue;
        bus.publish({ to: 'users', userIds: hearers, event: { type: 'presence', userId, lastSeenAt, ...change } });
      }
    } catch (error) {
      log.warn({ err: error, people: batch.size }, 'presence could not be written');
      for (const [userId, change] of batch) if (!changes.has(userId)) changes.set(userId, change);
    }
  }

  return {
    connected({ userId, username }) {
      const known = people.get(userId);
      if (known) {
        known.connections++;
        return; // came back in time, or one more device: nobody left, nobody joined
      }
      people.set(userId, { username, connections: 1, status: 'online', leavesAt: 0 });
      changes.set(userId, { username, status: 'online', event: 'joined' });
    },
    disconnected({ userId }, loggedOut) {
      const person = people.get(userId);
      if (!person || --person.connections > 0) return;
      person.leavesAt = Date.now() + leftAfterMs;
      if (loggedOut) leave(userId, person);
    },
    set({ userId, username }, status) {
      const person = people.get(userId);
      if (!person || person.status === status) return;
      person.status = status;
      const event = changes.get(userId)?.event ?? 'changed';
      changes.set(userId, { username, status, event });
    },
    async close() {
      clearInterval(timer);
      for (const [userId, person] of people) leave(userId, person);
      await telling;
      await tell();
    },
  };
}
