import type { Id, Message, User } from '@carpenter/protocol';
import { messageAt } from '../sync/log.ts';
import type { Room } from '../sync/room.ts';
import type { ConversationRow } from '../types/conversations.ts';
import type { UnsentMessage } from '../types/messages.ts';
import { statusOf } from './status.ts';
import { kept } from './timeline.ts';

/** Builds the conversation list; rows (and the list) whose sources did not change stay the same objects. */
export function rowsView(
  me: Id,
): (sources: {
  rooms: Iterable<Room>;
  users: ReadonlyMap<Id, User>;
  unsent: (id: Id) => readonly UnsentMessage[];
  typing: (id: Id) => readonly Id[];
  blocked: ReadonlySet<Id>;
}) => readonly ConversationRow[] {
  type Sources = readonly [Room, User | undefined, readonly UnsentMessage[], readonly Id[], ReadonlySet<Id>];
  let rows = new Map<Id, { sources: Sources; row: ConversationRow }>();
  let list: readonly ConversationRow[] = [];
  return ({ rooms, users, unsent, typing, blocked }) => {
    const next: typeof rows = new Map();
    for (const room of rooms) {
      if (room.conversation.type === 'thread') continue;
      const { id, memberIds = [] } = room.conversation;
      const other = memberIds.find(member => member !== me) ?? '';
      const sources: Sources = [room, users.get(other), unsent(id), typing(id), blocked];
      const before = rows.get(id);
      const same = before?.sources.every((source, i) => source === sources[i]);
      next.set(id, same && before ? before : { sources, row: rowOf(me, ...sources) });
    }
    rows = next;
    list = kept(
      list,
      [...next.values()].map(({ row }) => row).sort((a, b) => (a.lastAt < b.lastAt ? 1 : a.lastAt > b.lastAt ? -1 : 0)),
    );
    return list;
  };
}

function rowOf(
  me: Id,
  room: Room,
  peer: User | undefined,
  unsent: readonly UnsentMessage[],
  typing: readonly Id[],
  blocked: ReadonlySet<Id>,
): ConversationRow {
  const { conversation, receipts, mine } = room;
  const away = conversation.memberIds?.some(id => id !== me && blocked.has(id)) ?? false;
  const lastMessage = lastOf(room);
  const lastUnsent = unsent.at(-1);
  return {
    id: conversation.id,
    conversation,
    title: conversation.name ?? peer?.displayName ?? '',
    ...(peer && { peer }),
    lastAt: latest(lastMessage?.createdAt ?? conversation.createdAt, lastUnsent?.sentAt ?? ''),
    ...(lastMessage && { lastMessage }),
    ...statusIn(lastMessage, lastUnsent, receipts, me),
    unread: away ? 0 : mine.unread,
    mine,
    typing: typing.some(id => blocked.has(id)) ? typing.filter(id => !blocked.has(id)) : typing,
    unsent,
    blocked: away,
    lastBlocked: lastMessage !== undefined && blocked.has(lastMessage.sender),
  };
}

const lastOf = ({ log }: Room): Message | undefined =>
  messageAt(log, log.lastSeq) ?? log.stretches.at(-1)?.messages.at(-1);

const latest = (a: string, b: string) => (a > b ? a : b);

function statusIn(
  last: Message | undefined,
  unsent: UnsentMessage | undefined,
  receipts: Room['receipts'],
  me: Id,
): Pick<ConversationRow, 'lastStatus'> {
  if (unsent) return { lastStatus: unsent.status };
  return last?.sender === me && last.type === 'text' ? { lastStatus: statusOf(last, receipts, me) } : {};
}
