import type { Id, Message, Seq } from '@carpenter/protocol';
import { keyOf } from '../outbox/queue.ts';
import { type Log, type Stretch, stretchAt, tail } from '../sync/log.ts';
import { markOf, type Room } from '../sync/room.ts';
import { countsFor } from '../sync/unread.ts';
import type { Timeline } from '../types/conversations.ts';
import type { StoredMessage, TimelineMessage, UnsentMessage } from '../types/messages.ts';
import { sameStatus, statusOf } from './status.ts';

export interface TimelineInput {
  readonly me: Id;
  readonly room: Room | undefined;
  /** It was mine, or never was. */
  readonly gone: boolean;
  /** The first page is there. */
  readonly opened: boolean;
  /** A message in the window; undefined: the newest. */
  readonly at: Seq | undefined;
  readonly unreadAt: Seq | undefined;
  /** Of this conversation. */
  readonly unsent: readonly UnsentMessage[];
  readonly typing: readonly Id[];
}

const empty: Timeline = {
  phase: 'loading',
  messages: [],
  hasOlder: false,
  hasNewer: false,
  lastSeq: 0,
  typing: [],
  members: [],
  membersComplete: false,
  receipts: [],
};
export const emptyTimeline = empty;

/** @param former what was shown before: messages that did not change stay the same objects */
export function timelineOf(input: TimelineInput, former: Timeline = empty): Timeline {
  const { me, room, gone, opened, at, unreadAt, unsent, typing } = input;
  if (!room) return { ...empty, phase: gone ? 'gone' : 'loading', messages: unsent };
  const window = opened ? windowOf(room.log, at) : undefined;
  const hasNewer = window ? window.to < room.log.lastSeq : false;
  const stored = storedIn(window?.messages ?? [], room, me, former.messages);
  const there = new Set(stored.map(m => m.key));
  const waiting = hasNewer ? [] : unsent.filter(m => !there.has(m.key));
  return {
    phase: opened ? 'ready' : 'loading',
    messages: kept(former.messages, [...stored, ...waiting]),
    hasOlder: window ? window.from > 1 : false,
    hasNewer,
    lastSeq: room.log.lastSeq,
    ...(unreadAt !== undefined && { unreadAt }),
    conversation: room.conversation,
    mine: room.mine,
    typing,
    members: kept(former.members, [...room.members.values()]),
    membersComplete: room.membersComplete,
    receipts: kept(
      former.receipts,
      [...room.receipts.values()].filter(r => r.userId !== me),
    ),
  };
}

/** The former list where the new one holds the same things. */
export const kept = <T>(former: readonly T[], next: readonly T[]): readonly T[] =>
  former.length === next.length && former.every((one, i) => one === next[i]) ? former : next;

/** The stretch that is shown: around `at` as long as that is held, else the end. */
export function windowOf(log: Log, at: Seq | undefined): Stretch | undefined {
  return (at === undefined ? undefined : stretchAt(log, at)) ?? tail(log);
}

/** Where the unread line stands: at the first message that counts behind my mark. */
export function firstUnread(room: Room, me: Id): Seq | undefined {
  if (room.mine.unread === 0) return undefined;
  const from = markOf(room.mine) + 1;
  const held = stretchAt(room.log, from);
  const first = held?.messages.slice(from - held.from).find(m => countsFor(m, { me, blocked: room.blocked }));
  return first?.seq ?? from;
}

function storedIn(
  messages: readonly Message[],
  { receipts, own }: Room,
  me: Id,
  former: readonly TimelineMessage[],
): StoredMessage[] {
  const before = new Map(former.map(m => [m.key, m]));
  return messages.map(message => {
    const key = keyOf(message.sender, message.clientId);
    const status = message.sender === me && message.type === 'text' ? statusOf(message, receipts, me) : undefined;
    const known = before.get(key);
    const same = known?.kind === 'stored' && known.message.id === message.id && known.message.rev === message.rev;
    const mine = own.get(message.seq);
    if (same && known.own === mine && sameStatus(known.status, status)) return known;
    return { kind: 'stored', key, message, ...(mine && { own: mine }), ...(status && { status }) };
  });
}
