import type { Id, User } from '@carpenter/protocol';
import { trim } from './sync/log.ts';
import type { Room } from './sync/room.ts';
import type { Storage } from './types/basics.ts';

/** What a page begins with before the server has said anything: the latest conversations, their newest messages, and people. */
export interface Snapshot {
  /** Goes up when the shape of this changes: an older one is left. */
  readonly version: 3;
  readonly epoch: string;
  readonly rooms: readonly Room[];
  readonly users: readonly User[];
}

/** Keeps the snapshot of an account up to date in the storage. */
export interface Snapshots {
  /** What an earlier page kept. */
  last(): Promise<Snapshot | undefined>;
  /** Something changed. */
  soon(): void;
  /** Keeps what is not kept yet. Nothing is written after it, so that signing out can erase it. */
  close(): Promise<void>;
}

export const snapshotKey = (me: Id): string => `snapshot/${me}`;

const roomsMax = 30;
const messagesMax = 50;
/** It follows a change after this time. */
const saveAfterMs = 3_000;

/** @param take  what there is now; undefined: the server has said nothing yet */
export function createSnapshots(
  me: Id,
  storage: Pick<Storage, 'read' | 'write'>,
  take: () => Snapshot | undefined,
): Snapshots {
  const key = snapshotKey(me);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  async function save(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const snapshot = take();
    if (snapshot) await storage.write(key, snapshot);
  }

  return {
    async last() {
      const kept = await storage.read(key);
      return isSnapshot(kept) ? kept : undefined;
    },
    soon() {
      if (!closed) timer ??= setTimeout(save, saveAfterMs);
    },
    async close() {
      closed = true;
      if (timer !== undefined) await save();
    },
  };
}

export function takeSnapshot(epoch: string, rooms: readonly Room[], users: ReadonlyMap<Id, User>): Snapshot {
  const kept = rooms.slice(0, roomsMax).map(room => ({ ...room, log: trim(room.log, messagesMax) }));
  const named = new Set(kept.flatMap(peopleOf));
  return { version: 3, epoch, rooms: kept, users: [...users.values()].filter(user => named.has(user.id)) };
}

const peopleOf = ({ conversation, members, log }: Room): Id[] => [
  ...(conversation.memberIds ?? []),
  ...members.keys(),
  ...log.stretches.flatMap(s => s.messages.map(m => m.sender)),
];

/** IndexedDB keeps maps as maps; what another version of this program left is not read. */
const isSnapshot = (value: unknown): value is Snapshot =>
  typeof value === 'object' && value !== null && 'version' in value && value.version === 3;
