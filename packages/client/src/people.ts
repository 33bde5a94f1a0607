import type { EventOf, Id, Message, Presence, User } from '@carpenter/protocol';
import { cell } from './observable.ts';
import type { Retries } from './retries.ts';
import type { Observable } from './types/basics.ts';

/** Everybody who turned up so far, and how they are. */
export interface People {
  readonly users: Observable<ReadonlyMap<Id, User>>;
  readonly presence: Observable<ReadonlyMap<Id, Presence>>;
  know(users: readonly User[]): void;
  present(all: readonly Presence[]): void;
  changed(event: EventOf<'presence'>): void;
  /** There is a connection (again): who could not be looked up is. */
  online(): void;
  /** Nobody knows how anybody is. */
  offline(): void;
  /** Looks up those who are still unknown, many at once, soon. */
  need(ids: readonly Id[]): void;
}

const lookUpMax = 100;
/** Of these `retries`. */
const name = 'people';

/** @param lookUp asks the server for up to 100 people; who does not exist is missing in its answer */
export function createPeople(lookUp: (ids: readonly Id[]) => Promise<readonly User[]>, retries: Retries): People {
  const users = cell<ReadonlyMap<Id, User>>(new Map());
  const presence = cell<ReadonlyMap<Id, Presence>>(new Map());
  const wanted = new Set<Id>();
  const asked = new Set<Id>();
  let soon: ReturnType<typeof setTimeout> | undefined;

  function know(more: readonly User[]): void {
    const fresh = more.filter(user => !same(users.get().get(user.id), user));
    if (fresh.length > 0) users.set(new Map([...users.get(), ...fresh.map(u => [u.id, u] as const)]));
  }

  function askIn(ms: number): void {
    if (wanted.size > 0 && !retries.waits(name)) soon ??= setTimeout(ask, ms);
  }
  async function ask(): Promise<void> {
    clearTimeout(soon);
    soon = undefined;
    const ids = [...wanted].slice(0, lookUpMax);
    if (ids.length === 0) return;
    for (const id of ids) {
      wanted.delete(id);
      asked.add(id);
    }
    askIn(0);
    try {
      know(await lookUp(ids));
      retries.done(name);
      askIn(0); // those who failed before
    } catch (error) {
      retries.later(name, error, ask);
      if (!retries.waits(name)) return askIn(0); // these are refused for good
      for (const id of ids) {
        asked.delete(id);
        wanted.add(id);
      }
    }
  }

  return {
    users,
    presence,
    know,
    present(all) {
      if (all.length > 0) presence.set(new Map([...presence.get(), ...all.map(p => [p.userId, p] as const)]));
    },
    changed({ type: _, event: __, username: ___, ...now }) {
      presence.set(new Map(presence.get()).set(now.userId, now));
    },
    online() {
      if (retries.waits(name)) void ask();
    },
    offline: () => presence.set(new Map()),
    need(ids) {
      for (const id of ids) if (!users.get().has(id) && !asked.has(id)) wanted.add(id);
      askIn(10);
    },
  };
}

const same = (a: User | undefined, b: User): boolean =>
  a?.username === b.username &&
  a.displayName === b.displayName &&
  a.pronouns === b.pronouns &&
  a.timeZone === b.timeZone &&
  a.about === b.about &&
  a.pictureId === b.pictureId &&
  a.createdAt === b.createdAt;

/** Everybody whom a message names. */
export const peopleIn = (message: Message): readonly Id[] => [
  message.sender,
  ...(message.system && 'userId' in message.system ? [message.system.userId] : []),
  ...(message.mentions ?? []).filter(who => who !== 'here' && who !== 'all'),
  ...(message.forwarded ? [message.forwarded.sender] : []),
  ...(message.reactions ?? []).flatMap(({ first }) => first),
  ...(message.poll?.options ?? []).flatMap(({ first }) => first),
  ...(message.thread?.first ?? []),
];
