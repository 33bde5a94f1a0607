import { fixed, type Id, type Presence, type PresenceStatus } from '@carpenter/protocol';
import type { Logger } from 'pino';
import type { Actor } from '../auth/actor.ts';
import type { Bus } from '../bus/bus.ts';
import type { Pressure } from '../pressure.ts';
import { presenceAudience, presenceOf, writePresence } from '../store/presence.ts';
import type { Store } from '../store/store.ts';

type Status = Exclude<PresenceStatus, 'offline'>;

/**
 * Who is here. Kept in memory, told at most a few times a second in batches (later while this node answers late), and written
 * to PostgreSQL with them: a storm of logins is one statement, not thousands.
 */
export interface Presences {
  connected(actor: Actor): void;
  /** "left" is told a while after the last connection went; at once when the person logged out. */
  disconnected(actor: Actor, loggedOut: boolean): void;
  /** How it is on one of their devices: all connections of one login. Whoever is there on one of them is there. */
  set(actor: Actor, status: Status): void;
  /** What is known of somebody beside that has changed: their custom status, what they let others see. */
  changed(userId: Id, username: string): void;
  /** This moment, on this node: `offline` as soon as nothing is connected, before anybody is told that they left. */
  now(userId: Id): PresenceStatus;
  close(): Promise<void>;
}

interface Device {
  connections: number;
  status: Status;
}
interface Person {
  readonly username: string;
  /** By session. */
  readonly devices: Map<Id, Device>;
  status: Status;
  /** On the clock of `performance.now()`. */
  leavesAt: number;
}
type Change = {
  readonly username: string;
  /** Absent: as it was. */
  readonly status?: PresenceStatus;
  readonly event: 'joined' | 'left' | 'changed';
};

export function createPresences(
  { store, bus, log, pressure }: { store: Store; bus: Bus; log: Logger; pressure: Pressure },
  leftAfterMs: number = fixed.leftAfterMs,
): Presences {
  const people = new Map<Id, Person>();
  let changes = new Map<Id, Change>();
  let telling: Promise<void> | undefined;
  const timer = setInterval(() => {
    const now = performance.now();
    for (const [userId, person] of people)
      if (person.devices.size === 0 && person.leavesAt <= now) leave(userId, person);
    if (pressure.late()) return; // changes of the same person become one meanwhile
    telling ??= tell().finally(() => {
      telling = undefined;
    });
  }, 200);
  timer.unref();

  function leave(userId: Id, { username }: Person): void {
    people.delete(userId);
    changes.set(userId, { username, status: 'offline', event: 'left' });
  }

  /** Somebody whom one device calls busy is busy; else the liveliest of them counts. */
  function settle(userId: Id, person: Person): void {
    const here = [...person.devices.values()].map(device => device.status);
    const status = order.find(one => here.includes(one)) ?? person.status;
    if (status === person.status) return;
    person.status = status;
    const event = changes.get(userId)?.event ?? 'changed';
    changes.set(userId, { username: person.username, status, event });
  }

  /** Stores and tells what has changed since the last time. What cannot be stored now is tried again with the next. */
  async function tell(): Promise<void> {
    if (changes.size === 0) return;
    const batch = changes;
    changes = new Map();
    try {
      const moved = [...batch].flatMap(([userId, { status }]) => (status ? [{ userId, status }] : []));
      if (moved.length > 0) await writePresence(store.db, moved);
      const ids = [...batch.keys()];
      const audience = await presenceAudience(store.db, ids, fixed.smallRoom);
      for (const now of await presenceOf(store.db, ids)) tellOf(now, batch.get(now.userId), audience.get(now.userId));
    } catch (error) {
      log.warn({ err: error, people: batch.size }, 'presence could not be written');
      for (const [userId, change] of batch) changes.set(userId, merge(change, changes.get(userId)));
    }
  }

  function tellOf(now: Presence, change: Change | undefined, hearers: readonly Id[] | undefined): void {
    if (!change || !hearers) return;
    const { username, event } = change;
    bus.publish({ to: 'users', userIds: hearers, event: { type: 'presence', ...now, username, event } });
  }

  return {
    connected({ userId, username, sessionId }) {
      const known = people.get(userId);
      const device = known?.devices.get(sessionId);
      if (device) device.connections++;
      else if (known) {
        // came back in time, or one more device: nobody left, nobody joined
        const status = known.devices.size === 0 ? known.status : 'online';
        known.devices.set(sessionId, { connections: 1, status });
        settle(userId, known);
      } else {
        const devices = new Map([[sessionId, { connections: 1, status: 'online' as const }]]);
        people.set(userId, { username, devices, status: 'online', leavesAt: 0 });
        changes.set(userId, { username, status: 'online', event: 'joined' });
      }
    },
    disconnected({ userId, sessionId }, loggedOut) {
      const person = people.get(userId);
      const device = person?.devices.get(sessionId);
      if (!person || !device || --device.connections > 0) return;
      person.devices.delete(sessionId);
      if (person.devices.size > 0) return settle(userId, person);
      person.leavesAt = performance.now() + leftAfterMs;
      if (loggedOut) leave(userId, person);
    },
    set({ userId, sessionId }, status) {
      const person = people.get(userId);
      const device = person?.devices.get(sessionId);
      if (!person || !device) return;
      device.status = status;
      settle(userId, person);
    },
    changed(userId, username) {
      if (!changes.has(userId)) changes.set(userId, { username, event: 'changed' });
    },
    now(userId) {
      const person = people.get(userId);
      return person && person.devices.size > 0 ? person.status : 'offline';
    },
    async close() {
      clearInterval(timer);
      for (const [userId, person] of people) leave(userId, person);
      await telling;
      await tell();
    },
  };
}

/** What was not told yet goes on in what came after it. */
function merge(before: Change, after: Change | undefined): Change {
  if (!after) return before;
  return { ...before, ...after, event: after.event === 'changed' ? before.event : after.event };
}

/** The first of these that one of their devices says. */
const order: readonly Status[] = ['dnd', 'online', 'away'];
