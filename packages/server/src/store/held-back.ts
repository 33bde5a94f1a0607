import type { Id } from '@carpenter/protocol';
import type { ClientBase } from 'pg';
import { isLocked } from './database.ts';
import { freeHeads } from './heads.ts';

/** How often to look whether the lock is gone that somebody else holds on a conversation. */
export const lookAgainMs = 100;
/** How soon a database that was lost in the middle of something is asked what became of it. */
export const askAgainMs = 250;

/** Conversations of one lane in which nothing may happen for now. They hold up nobody but themselves. */
export interface HeldBack {
  /** What was given up while it was under way in these may be done, and nobody was told. Until that is settled nothing new is:
   *  whoever was taken out by it might hear that. */
  doubt(ids: readonly Id[]): void;
  /** A lock was waited for in vain: whichever of these somebody else has locked is set aside. */
  setAside(connection: ClientBase, ids: readonly Id[]): Promise<void>;
  /** Lets go what is free again. Asks as often as that is worth it. */
  review(connection: ClientBase): Promise<void>;
  has(ids: readonly Id[]): boolean;
  isLocked(ids: readonly Id[]): boolean;
  isEmpty(): boolean;
  inDoubt(): boolean;
}

export function createHeldBack(needs: {
  /** Those that somebody waits for: of others it need not be known. */
  wanted: () => ReadonlySet<Id>;
  /** Tells what became of what was given up there. Nothing changes there meanwhile. */
  settled: (connection: ClientBase, ids: readonly Id[]) => Promise<void>;
}): HeldBack {
  const locked = new Set<Id>();
  let lookAt = 0;
  const doubtful = new Set<Id>();
  let settleAt = 0;

  async function setAside(connection: ClientBase, ids: readonly Id[]): Promise<void> {
    const free = await freeHeads(connection, ids);
    const wanted = needs.wanted();
    for (const id of ids) {
      if (wanted.has(id) && !free.has(id)) locked.add(id);
      else locked.delete(id);
    }
    lookAt = performance.now() + lookAgainMs;
  }

  async function settle(connection: ClientBase): Promise<void> {
    settleAt = performance.now() + askAgainMs;
    try {
      const free = [...(await freeHeads(connection, [...doubtful]))]; // one that is locked holds up no news of others
      await needs.settled(connection, free);
      for (const id of free) doubtful.delete(id);
    } catch (error) {
      if (!isLocked(error)) throw error; // whoever holds it may be the one that was lost
    }
  }

  return {
    doubt(ids) {
      for (const id of ids) doubtful.add(id);
    },
    setAside,
    async review(connection) {
      if (doubtful.size > 0 && performance.now() >= settleAt) await settle(connection);
      if (locked.size > 0 && performance.now() >= lookAt) await setAside(connection, [...locked]);
    },
    has: ids => ids.some(id => locked.has(id) || doubtful.has(id)),
    isLocked: ids => ids.some(id => locked.has(id)),
    isEmpty: () => locked.size + doubtful.size === 0,
    inDoubt: () => doubtful.size > 0,
  };
}
