import type { CommandOf, ConversationState, EventOf, Id, Message, Seq } from '@carpenter/protocol';
import { type AnswerTo, errorOf, type Question } from './asks.ts';
import { type CatchUp, createCatchUp } from './catch-up.ts';
import { createCompare } from './compare.ts';
import { limiter } from './limiter.ts';
import type { Marks } from './marks.ts';
import { pages } from './pages.ts';
import { type People, peopleIn } from './people.ts';
import type { Retries } from './retries.ts';
import type { Session } from './session.ts';
import { trim } from './sync/log.ts';
import {
  applyReceipt,
  type Durable,
  differs,
  fromState,
  guesses,
  meet,
  type Room,
  readTo,
  renewed,
  withBlocked,
} from './sync/room.ts';

/** All conversations of an account, kept true: what comes is applied, what was missed is asked for. */
export interface Rooms {
  readonly get: (id: Id) => Room | undefined;
  readonly all: () => Iterable<Room>;
  /** The list is known. */
  readonly listed: () => boolean;
  /** It was here, and is no longer mine. */
  readonly isGone: (id: Id) => boolean;
  /** Somebody looks at it: it is synced message by message, else its row is enough. */
  watch(id: Id, is: boolean): void;
  change(id: Id, how: (room: Room) => Room): void;
  add(state: ConversationState): void;
  gone(id: Id): void;
  /** I am not in it any more. */
  removed(id: Id): void;
  ready(event: EventOf<'ready'>): void;
  durable(event: Durable): void;
  receipt(event: EventOf<'receipt'>): void;
  acked(message: Message): void;
  /** A command whose answer nobody waits for. */
  refused(event: EventOf<'error'>): void;
  readonly page: CatchUp['page'];
  read(id: Id, seq: Seq): void;
  /** Whom I have blocked from now on. */
  block(userIds: ReadonlySet<Id>): void;
  /** What an earlier page kept, to begin with. */
  restore(epoch: string, rooms: readonly Room[]): void;
  readonly epoch: () => string | undefined;
  close(): void;
}

/** Messages held of a conversation that nobody looks at. */
const restingMax = 200;
/** What goes on elsewhere for days is forgotten again: at twice as many, so that not each message costs a look at all. */
const resting = (room: Room): Room =>
  room.log.stretches.reduce((sum, { messages }) => sum + messages.length, 0) > 2 * restingMax
    ? { ...room, log: trim(room.log, restingMax) }
    : room;
const watchMax = 20;
/** What `watch` is refused by; it has no answer otherwise. The refs of questions are numbers. */
const watchRef = 'watch';
/** Of the retries. */
const fetchOf = (id: Id): string => `fetch ${id}`;
/** Not a thread that is read without being followed. */
const isMine = (room: Room): boolean => room.mine.following !== false;

export function createRooms(needs: {
  me: Id;
  ask: <Q extends Question>(question: Q) => Promise<AnswerTo<Q>>;
  http: Session['ask'];
  people: People;
  marks: Marks;
  retries: Retries;
  /** Says without waiting for an answer. */
  tell: (command: CommandOf<'watch'>) => void;
  fetchThreads: () => Promise<void>;
  /** A message of mine stands in the log. */
  mineSeen: (message: Message) => void;
  changed: (id: Id) => void;
}): Rooms {
  const { me, ask, http, tell, people, marks, retries, mineSeen, fetchThreads, changed } = needs;
  const rooms = new Map<Id, Room>();
  const watched = new Set<Id>();
  const left = new Set<Id>();
  const limited = limiter(4);
  /** On their way into here. */
  const fetching = new Map<Id, Promise<void>>();
  /** The `rev` that was heard of these meanwhile: the answer may be older. */
  const heard = new Map<Id, number>();
  let epoch: string | undefined;
  let listed = false;
  let blocked: ReadonlySet<Id> = new Set();
  let closed = false;
  /** What the server was told to be looked at. */
  let told: readonly Id[] = [];
  const catchUp = createCatchUp({
    me,
    ask,
    http,
    people,
    marks,
    retries,
    limited,
    get: id => rooms.get(id),
    set,
    gone,
    mineSeen,
  });
  const compare = createCompare({
    ask,
    retries,
    epoch: () => epoch,
    ids: () => [...rooms.values()].filter(isMine).map(room => room.conversation.id),
    head(head) {
      const room = rooms.get(head.conversationId);
      if (room && differs(room, head)) catchUp.sync(head.conversationId);
      tellWhatServerLacks(head.conversationId, head, head.lastSeq);
    },
    missing: removed,
    compared() {
      for (const id of watched) {
        const room = rooms.get(id);
        if (room && !isMine(room)) catchUp.sync(id);
      }
    },
    fetchOne: fetchRoom,
    fetchList,
    fetchThreads,
  });

  function set(id: Id, room: Room): void {
    if (closed || rooms.get(id) === room) return;
    rooms.set(id, watched.has(id) ? room : resting(room));
    left.delete(id);
    changed(id);
  }
  function change(id: Id, how: (room: Room) => Room): void {
    const room = rooms.get(id);
    if (room) set(id, how(room));
  }

  function add(state: ConversationState): void {
    const { id } = state.conversation;
    const room = rooms.get(id);
    compare.came(id);
    people.need([...(state.conversation.memberIds ?? []), ...(state.lastMessage ? peopleIn(state.lastMessage) : [])]);
    if (!room) set(id, fromState(state, blocked));
    else if (catchUp.isStale(id)) catchUp.sync(id);
    else if (state.rev <= room.log.rev) set(id, meet(room, state, me));
    else if (watched.has(id)) catchUp.sync(id);
    else set(id, renewed(room, state, me));
    tellWhatServerLacks(id, state.mine, state.lastSeq);
    tellWatching();
  }

  function tellWhatServerLacks(id: Id, there: { readSeq: number; deliveredSeq?: number }, lastSeq: number): void {
    const here = rooms.get(id);
    if (!here) return;
    if (here.mine.readSeq > there.readSeq) marks.read(id, here.mine.readSeq);
    else if (there.deliveredSeq !== undefined && lastSeq > there.deliveredSeq) marks.delivered(id, lastSeq);
  }

  function gone(id: Id): void {
    left.add(id);
    if (forget(id) || watched.has(id)) changed(id);
    for (const room of rooms.values()) if (room.conversation.parent?.conversationId === id) gone(room.conversation.id);
    tellWatching();
  }

  function removed(id: Id): void {
    const room = rooms.get(id);
    // a thread that is not followed any more can still be read
    if (room?.conversation.parent && watched.has(id)) set(id, { ...room, mine: { ...room.mine, following: false } });
    else gone(id);
  }

  /** @returns whether there was anything */
  function forget(id: Id): boolean {
    catchUp.forget(id);
    retries.done(fetchOf(id));
    return rooms.delete(id);
  }

  /** Threads are heard by those who follow them, and by those who say that they look at them. */
  function tellWatching(): void {
    const threads = [...watched].filter(id => rooms.get(id)?.conversation.type === 'thread').slice(0, watchMax);
    if (String(threads) === String(told)) return;
    told = threads;
    retries.done(watchRef);
    tellAgain();
  }
  function tellAgain(): void {
    tell({ type: 'watch', ref: watchRef, conversationIds: [...told] });
  }

  /** Takes a conversation in that is mine and not known here, once at a time. */
  function fetchRoom(id: Id): Promise<void> {
    const run =
      fetching.get(id) ??
      limited(() => takeIn(id)).finally(() => {
        const room = rooms.get(id);
        if (room && room.log.rev < (heard.get(id) ?? 0)) catchUp.sync(id);
        fetching.delete(id);
        heard.delete(id);
      });
    fetching.set(id, run);
    return run;
  }

  async function takeIn(id: Id): Promise<void> {
    if (rooms.has(id)) return;
    try {
      const detail = await http('conversation', { params: { id } });
      if (detail.mine.following === false && !watched.has(id)) return; // heard a moment after nobody looked any more
      people.know(detail.users);
      people.present(detail.presence);
      retries.done(fetchOf(id));
      add(detail);
    } catch (error) {
      if (!closed) retries.later(fetchOf(id), error, () => fetchRoom(id));
    }
  }

  function durable(event: Durable): void {
    const { conversationId: id, rev } = event;
    const room = rooms.get(id);
    if (room) catchUp.event(room, event);
    else if (fetching.has(id)) heard.set(id, Math.max(rev, heard.get(id) ?? 0));
    else if (!retries.waits(fetchOf(id))) fetchRoom(id);
  }

  function acked(message: Message): void {
    const room = rooms.get(message.conversationId);
    if (room) catchUp.acked(room, message);
  }

  /** My mark moved to where the messages behind it are not held. */
  function makeCertain(id: Id): void {
    const room = rooms.get(id);
    if (room && guesses(room)) catchUp.sync(id);
  }

  /** The whole list, in pages: `ready` brings the newest only. */
  async function fetchList(): Promise<void> {
    for await (const page of pages(cursor => http('conversations', { query: { limit: 200, cursor } }))) {
      if (closed) return;
      people.know(page.users);
      for (const state of page.conversations) add(state);
    }
  }

  return {
    get: id => rooms.get(id),
    all: () => rooms.values(),
    listed: () => listed,
    isGone: id => left.has(id),
    epoch: () => epoch,
    watch(id, is) {
      if (is) watched.add(id);
      else watched.delete(id);
      const room = rooms.get(id);
      if (!is && room && !isMine(room))
        forget(id); // nothing of it is heard from now on
      else if (!is) change(id, room => ({ ...room, log: trim(room.log, restingMax) }));
      tellWatching();
    },
    change,
    add,
    gone,
    removed,
    ready(event) {
      const began = epoch !== undefined && epoch !== event.epoch;
      epoch = event.epoch;
      listed = true;
      told = []; // a new connection looks at nothing
      retries.done(watchRef);
      tellWatching();
      if (began) startAnew();
      catchUp.connected();
      people.know([...event.users, event.user]);
      people.present(event.presence);
      for (const state of event.conversations) add(state);
      changed(event.user.id);
      compare.all();
    },
    durable,
    receipt(event) {
      // what was read before I marked it unread, and is told only now, takes nothing away
      const late = event.userId === me && marks.takesBack(event.conversationId);
      change(event.conversationId, room =>
        applyReceipt(room, late ? { ...event, unreadFrom: room.mine.unreadFrom } : event, me),
      );
      if (event.userId === me) makeCertain(event.conversationId);
    },
    acked,
    refused(event) {
      if (event.ref === watchRef) retries.later(watchRef, errorOf(event), tellAgain);
    },
    page: catchUp.page,
    read(id, seq) {
      const before = rooms.get(id);
      change(id, room => readTo(room, seq, me));
      const after = rooms.get(id);
      if (after && before !== after) marks.read(id, after.mine.unreadFrom === undefined ? after.mine.readSeq : seq);
    },
    block(userIds) {
      if (userIds.size === blocked.size && [...userIds].every(id => blocked.has(id))) return;
      blocked = userIds;
      for (const id of rooms.keys()) change(id, room => withBlocked(room, blocked, me));
      if (epoch !== undefined) compare.all(); // the server counts without them, too
    },
    restore(of, kept) {
      if (epoch !== undefined) return; // the server was faster
      epoch = of;
      listed = kept.length > 0;
      for (const room of kept) set(room.conversation.id, room);
      blocked = kept[0]?.blocked ?? blocked;
    },
    close() {
      closed = true;
      compare.close();
      catchUp.close();
    },
  };

  /** What is looked at stays on the screen until it is read again. */
  function startAnew(): void {
    const shown = [...rooms.keys()].filter(id => watched.has(id));
    for (const id of rooms.keys()) if (!watched.has(id)) rooms.delete(id);
    catchUp.startAnew(shown);
  }
}
