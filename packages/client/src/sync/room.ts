import {
  type Changes,
  type Conversation,
  type ConversationState,
  type EventOf,
  type Head,
  type Id,
  type Member,
  type Message,
  type MessagePage,
  type Mine,
  type MySettings,
  type Own,
  type Owns,
  type Receipt,
  type Seq,
  saysRead,
} from '@carpenter/protocol';
import { apply, emptyLog, hold, type Log, messageAt } from './log.ts';
import { isNewer, settingsOf, withSettings } from './settings.ts';
import { type Counted, isGuess, recount, type Unread, unreadOf } from './unread.ts';

/** Everything known of one conversation. Never changed, only replaced. */
export interface Room {
  readonly conversation: Conversation;
  readonly log: Log;
  readonly mine: Mine;
  readonly counted: Counted;
  /** Whom I have blocked: what they write is not unread. */
  readonly blocked: ReadonlySet<Id>;
  /** What is mine at messages, as far as they are held: reactions, votes. */
  readonly own: ReadonlyMap<Seq, Own>;
  /** Watermarks of everybody whose marks are known, me included. */
  readonly receipts: ReadonlyMap<Id, Receipt>;
  readonly members: ReadonlyMap<Id, Member>;
  readonly membersComplete: boolean;
  /**
   * More pages of changes are to come. They go by the last change of each message, so one that is on a later page may have changed
   * before, too: no event is taken in until all are there.
   */
  readonly partly: boolean;
}

/** The events that carry a `rev` and change a room that is known. */
export type Durable = EventOf<
  'message.created' | 'message.updated' | 'message.deleted' | 'conversation.updated' | 'activity'
>;

const nobody: ReadonlySet<Id> = new Set();

export function fromState(state: ConversationState, blocked: ReadonlySet<Id> = nobody): Room {
  const { conversation, lastSeq, rev, lastMessage, mine, receipts = [] } = state;
  return {
    conversation,
    log: hold({ ...emptyLog, rev, lastSeq }, lastMessage ? [lastMessage] : []),
    mine,
    own: new Map(),
    counted: countedBy(mine, lastSeq),
    blocked,
    receipts: new Map(receipts.map(r => [r.userId, r])),
    members: new Map(),
    membersComplete: false,
    partly: false,
  };
}

/** `gap`: `sync` first. An `activity` beyond the next `rev` is one always, as it does not say what happened. */
export function applyDurable(room: Room, event: Durable, me: Id): Room | 'gap' {
  if (event.type === 'activity') return event.rev > room.log.rev ? 'gap' : room;
  if (room.partly && event.rev > room.log.rev) return 'gap';
  const message = 'message' in event ? event.message : undefined;
  const log = apply(room.log, event.rev, message);
  if (log === 'gap' || log === room.log) return log === 'gap' ? log : room;
  if (event.type === 'conversation.updated') {
    const members = event.members ? membersOf(event.members) : room.members;
    const membersComplete = event.members !== undefined || (room.membersComplete && sameCount(event, room));
    // my role may be what changed
    const role = event.members?.find(member => member.userId === me)?.role ?? room.mine.role;
    const mine = role === room.mine.role ? room.mine : { ...room.mine, role };
    return settle({ ...room, log, mine, conversation: event.conversation, members, membersComplete }, me);
  }
  // what does not touch the text does not change what is unread
  const news = event.type !== 'message.updated' || event.change === 'edit' ? [event.message] : [];
  return withMessages({ ...room, own: ownHeard(room, event, me) }, log, news, me);
}

/** My own reactions and votes, from whichever device. */
function ownHeard(room: Room, event: EventOf<'message.created' | 'message.updated' | 'message.deleted'>, me: Id) {
  const { own } = room;
  if (event.type === 'message.deleted') return ownAfter(room, [event.message]);
  if (event.type !== 'message.updated') return own;
  const { reaction, vote } = event;
  const { seq, rev } = event.message;
  if ((messageAt(room.log, seq)?.rev ?? 0) >= rev) return own; // a page brought it already, with what was mine
  const before = own.get(seq) ?? {};
  if (reaction?.userId === me) {
    const others = (before.emoji ?? []).filter(emoji => emoji !== reaction.emoji);
    return new Map(own).set(seq, { ...before, emoji: reaction.added ? [...others, reaction.emoji] : others });
  }
  return vote?.userId === me ? new Map(own).set(seq, { ...before, votes: vote.votes }) : own;
}

/** An answer says everything that is mine at the messages in it, unless it is older than what is held of them. */
function ownAfter({ own, log }: Room, messages: readonly Message[], said: Owns = {}): Room['own'] {
  const next = new Map(own);
  for (const { seq, rev } of messages) {
    if ((messageAt(log, seq)?.rev ?? 0) > rev) continue;
    const mine = said[seq];
    if (mine) next.set(seq, mine);
    else next.delete(seq);
  }
  return next;
}

const countedBy = ({ unread, mentions, ...mine }: Mine, upTo: number): Counted => ({
  unread,
  mentions,
  mark: markOf(mine),
  upTo,
});
const sameCount = (event: EventOf<'conversation.updated'>, room: Room) =>
  event.conversation.memberCount === room.conversation.memberCount;

/** An answer to `sync`, in pages: each says in `more` whether another one follows. */
export function applyChanges(room: Room, changes: Changes, me: Id): Room {
  const { messages, conversation = room.conversation, members } = changes;
  const log = changes.reset
    ? hold({ rev: changes.rev, lastSeq: changes.lastSeq, stretches: [], forgot: room.log.forgot + 1 }, messages)
    : forward(hold(room.log, messages), changes);
  const known = members ? { members: membersOf(members), membersComplete: true } : {};
  // What I read here and the server has not heard of yet stays read.
  const mine = joinMine(room.mine, changes.mine, changes.reset === true);
  const counted = countedBy(changes.mine, changes.lastSeq);
  const own = ownAfter(changes.reset ? { ...room, log: emptyLog, own: new Map() } : room, messages, changes.own);
  return settle({ ...room, conversation, log, mine, counted, own, partly: changes.more, ...known }, me);
}
const forward = (log: Log, { rev, lastSeq }: Changes): Log => ({
  ...log,
  rev: Math.max(log.rev, rev),
  lastSeq: Math.max(log.lastSeq, lastSeq),
});

/** A page of history, asked for when the log had forgotten `forgot` times. Undefined: too old, ask again. */
export function applyPage(room: Room, page: MessagePage, forgot: number, me: Id): Room | undefined {
  if (forgot !== room.log.forgot) return undefined;
  const own = ownAfter(room, page.messages, page.own);
  return withMessages({ ...room, own }, hold(room.log, page.messages), [], me);
}

/** Watermarks only grow, also here. */
export function applyReceipt(room: Room, receipt: Receipt & { unreadFrom?: Seq | undefined }, me: Id): Room {
  const { userId, deliveredSeq, readSeq, unreadFrom } = receipt;
  const known = room.receipts.get(userId);
  const joined: Receipt = {
    userId,
    deliveredSeq: Math.max(known?.deliveredSeq ?? 0, deliveredSeq),
    readSeq: Math.max(known?.readSeq ?? 0, readSeq),
  };
  const same = known?.deliveredSeq === joined.deliveredSeq && known.readSeq === joined.readSeq;
  const receipts = same ? room.receipts : new Map(room.receipts).set(userId, joined);
  if (userId !== me) return same ? room : { ...room, receipts };
  const { unreadFrom: _, ...rest } = room.mine;
  const mine: Mine = {
    ...rest,
    readSeq: Math.max(rest.readSeq, readSeq),
    deliveredSeq: Math.max(rest.deliveredSeq, deliveredSeq),
    ...(unreadFrom !== undefined && { unreadFrom }),
  };
  return settle({ ...room, receipts, mine }, me);
}

/** How far others have read is not to be known any more: I keep mine to myself. */
export const withoutReading = (room: Room, me: Id): Room => ({
  ...room,
  receipts: new Map([...room.receipts].map(([id, receipt]) => [id, id === me ? receipt : { ...receipt, readSeq: 0 }])),
});

/** I viewed everything up to here; at or behind a private "unread from" mark this takes the mark away. */
export function readTo(room: Room, seq: Seq, me: Id): Room {
  const upTo = Math.min(seq, room.log.lastSeq);
  const { unreadFrom, ...rest } = room.mine;
  const clears = unreadFrom !== undefined && upTo >= unreadFrom;
  if (upTo <= rest.readSeq && !clears) return room;
  const mine: Mine = {
    ...rest,
    readSeq: Math.max(rest.readSeq, upTo),
    deliveredSeq: Math.max(rest.deliveredSeq, upTo),
    ...(unreadFrom !== undefined && !clears && { unreadFrom }),
  };
  return settle({ ...room, mine }, me);
}

/** @param seq  undefined: the private mark is taken away */
export function unreadFrom(room: Room, seq: Seq | undefined, me: Id): Room {
  const { unreadFrom: _, ...rest } = room.mine;
  return settle({ ...room, mine: { ...rest, ...(seq !== undefined && { unreadFrom: seq }) } }, me);
}

/** Does the server know something of this conversation that I do not, or the other way round? */
export const differs = (room: Room, head: Head): boolean =>
  head.rev > room.log.rev ||
  head.lastSeq > room.log.lastSeq ||
  head.readSeq > room.mine.readSeq ||
  guesses(room) ||
  isNewer(head, room.mine) ||
  (head.readSeq === room.mine.readSeq && head.rev === room.log.rev && unreadDiffers(head, room.mine));

const unreadDiffers = (a: Unread, b: Unread) => a.unread !== b.unread || a.mentions !== b.mentions;

/** The unread figure is not certain: `sync` brings the server's. */
export const guesses = ({ log, mine, counted }: Room): boolean => isGuess(log, markOf(mine), counted);

/** What was counted here counts anew; what the server has counted, it says again when its heads are asked for. */
export const withBlocked = (room: Room, blocked: ReadonlySet<Id>, me: Id): Room => settle({ ...room, blocked }, me);

/** How I keep it, as one of my devices or the server says; an older word changes nothing. */
export const applySettings = (room: Room, settings: MySettings): Room =>
  isNewer(settings, room.mine) ? { ...room, mine: withSettings(room.mine, settings) } : room;

export const withMembers = (room: Room, members: readonly Member[], complete: boolean): Room => ({
  ...room,
  members: new Map([...room.members, ...membersOf(members)]),
  membersComplete: complete,
  receipts: members.reduce(growReceipt, room.receipts),
});

const membersOf = (members: readonly Member[]) => new Map(members.map(m => [m.userId, m]));
const growReceipt = (receipts: ReadonlyMap<Id, Receipt>, { userId, deliveredSeq, readSeq }: Receipt) => {
  const known = receipts.get(userId);
  return new Map(receipts).set(userId, {
    userId,
    deliveredSeq: Math.max(known?.deliveredSeq ?? 0, deliveredSeq),
    readSeq: Math.max(known?.readSeq ?? 0, readSeq),
  });
};

/** The last `seq` that counts as read. */
export const markOf = (mine: Pick<Mine, 'readSeq' | 'unreadFrom'>): number =>
  mine.unreadFrom === undefined ? mine.readSeq : mine.unreadFrom - 1;

function joinMine(here: Mine, there: Mine, reset: boolean): Mine {
  if (reset) return there;
  return {
    ...(isNewer(here, there) ? withSettings(there, settingsOf(here)) : there),
    readSeq: Math.max(here.readSeq, there.readSeq),
    deliveredSeq: Math.max(here.deliveredSeq, there.deliveredSeq),
  };
}

/** Writing is reading: my own message moves my mark up to it, where it was written just now. */
function withMessages(room: Room, log: Log, fresh: readonly Message[], me: Id): Room {
  const counted = fresh.reduce((c, m) => recount(c, m, room.log, { me, blocked: room.blocked }), room.counted);
  const wrote = fresh.findLast(m => m.sender === me && m.type === 'text' && m.seq > room.log.lastSeq && saysRead(m));
  const next = { ...room, log, counted };
  return wrote ? readTo(next, wrote.seq, me) : settle(next, me);
}

function settle(room: Room, me: Id): Room {
  const figures = unreadOf(room.log, markOf(room.mine), room.counted, { me, blocked: room.blocked });
  return unreadDiffers(figures, room.mine) ? { ...room, mine: { ...room.mine, ...figures } } : room;
}

/** A row of the list about a room that is held already and at least as new: only marks and receipts can be news. */
export function meet(room: Room, state: ConversationState, me: Id): Room {
  const receipts = (state.receipts ?? []).reduce(growReceipt, room.receipts);
  if (state.rev < room.log.rev) return { ...room, receipts };
  const mine = joinMine(room.mine, state.mine, false);
  return settle({ ...room, receipts, mine, counted: countedBy(state.mine, state.lastSeq) }, me);
}

/** A newer row of the list about a room that nobody looks at: its messages are read again when somebody does. */
export function renewed(room: Room, state: ConversationState, me: Id): Room {
  const fresh = fromState(state, room.blocked);
  const receipts = [...room.receipts.values()].reduce(growReceipt, fresh.receipts);
  const log = { ...fresh.log, forgot: room.log.forgot + 1 };
  return settle({ ...fresh, log, receipts, mine: joinMine(room.mine, state.mine, false) }, me);
}
