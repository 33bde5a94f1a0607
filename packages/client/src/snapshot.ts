import type { Id, User } from '@carpenter/protocol';
import { trim } from './sync/log.ts';
import type { Room } from './sync/room.ts';

/** What a page begins with before the server has said anything: the latest conversations, their newest messages, and people. */
export interface Snapshot {
  /** Goes up when the shape of this changes: an older one is left. */
  readonly version: 3;
  readonly epoch: string;
  readonly rooms: readonly Room[];
  readonly users: readonly User[];
}

export const snapshotKey = (me: Id): string => `snapshot/${me}`;

const roomsMax = 30;
const messagesMax = 50;

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
export const isSnapshot = (value: unknown): value is Snapshot =>
  typeof value === 'object' && value !== null && 'version' in value && value.version === 3;
