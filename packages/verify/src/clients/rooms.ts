import { type Changes, type Command, type Event, type EventOf, type Id, worthRetrying } from '@carpenter/protocol';
import { type Row, rowOf } from '../history.ts';
import type { Outcome } from './line.ts';
import { pause } from './pause.ts';
import { type Needs, type Note, untilTheEnd, type View } from './person.ts';
import type { Said } from './read-frame.ts';

/** What one client holds, by the rules of the protocol's section 1: the three of `rev`, `heads`, and `epoch`. */
export interface Rooms {
  ready(event: EventOf<'ready'>): void;
  hear(said: Said): void;
  get(conv: Id): Held | undefined;
  views(): Iterable<View>;
  /** Asks whether something was missed without a sign of it. */
  compare(): Promise<void>;
  /** Nothing is being asked for. */
  areWhole(): boolean;
}

/** One conversation as it is held: messages by `seq`, at least the newest. */
export interface Held {
  readonly lastSeq: number;
  readonly rows: ReadonlyMap<number, Row>;
}

interface Room extends Held {
  readonly conv: Id;
  rev: number;
  lastSeq: number;
  readonly rows: Map<number, Row>;
  /** A sync is under way: no event is taken in before its last page, as a message of it may have changed before, too. */
  held?: Waiting[];
}
interface Waiting {
  readonly rev: number;
  readonly row: Row | undefined;
}

type Durable = Exclude<Extract<Event, { rev: number }>, { type: 'changes' }>;
/** A client keeps the end of a conversation, as a screen does. */
const keep = 300;
/** Above every `rev`: whoever has nothing yet is given the newest page, in place of page after page from the beginning. */
const fromTheEnd = Number.MAX_SAFE_INTEGER;

export function createRooms(
  needs: Pick<Needs, 'record' | 'mayBeIn' | 'failed' | 'signal'> & {
    user: Id;
    note: Note;
    ask: (command: Command) => Promise<Outcome>;
    isOnline: () => boolean;
  },
): Rooms {
  const { record, mayBeIn, signal, user, note, ask, isOnline } = needs;
  const rooms = new Map<Id, Room>();
  let epoch: string | undefined;
  let headsAt: string | undefined;

  function enter(conv: Id): Room {
    const room: Room = { conv, rev: 0, lastSeq: 0, rows: new Map() };
    rooms.set(conv, room);
    note({ f: 'watch', conv, user });
    return room;
  }

  function take(room: Room, row: Row): void {
    const known = room.rows.get(row.seq);
    if (known && known.rev > row.rev) return;
    room.rows.set(row.seq, row);
    room.lastSeq = Math.max(room.lastSeq, row.seq);
    if (room.rows.size < keep * 1.5) return;
    for (const seq of room.rows.keys()) if (seq <= room.lastSeq - keep) room.rows.delete(seq);
  }

  function apply(room: Room, rev: number, row: Row | undefined): void {
    if (room.held) room.held.push({ rev, row });
    else if (rev === room.rev + 1) {
      room.rev = rev;
      if (row) take(room, row);
      note({ f: 'deliver', conv: room.conv, rev, ...(row && { row }) });
    } else if (rev > room.rev) {
      note({ f: 'gap', conv: room.conv, have: room.rev, rev });
      sync(room, [{ rev, row }]);
    }
  }

  /** @param waiting  what has to wait for it */
  function sync(room: Room, waiting: Waiting[] = []): void {
    if (room.held || !isOnline()) return;
    room.held = waiting;
    void untilTheEnd(needs, catchUp(room));
  }

  async function catchUp(room: Room): Promise<void> {
    const { conv, rev: since } = room;
    const asked = record.now();
    const pages = await pagesSince(conv, since);
    const held = room.held ?? [];
    delete room.held;
    if (rooms.get(conv) !== room) return; // left, or begun anew, meanwhile
    if (pages === 'unknown') return void rooms.delete(conv);
    if (pages === 'lost') {
      await pause(100, signal); // a connection that is ending refuses at once, again and again
      if (!signal.aborted) sync(room);
      return;
    }
    const last = pages.at(-1);
    if (!last || begunAnew(last.epoch)) return;
    const rows = new Map(pages.flatMap(page => page.messages).map(message => [message.id, rowOf(message)]));
    const reset = pages.some(page => page.reset);
    if (reset) room.rows.clear();
    room.rev = last.rev;
    room.lastSeq = reset ? last.lastSeq : Math.max(room.lastSeq, last.lastSeq);
    for (const row of rows.values()) take(room, row);
    const { rev, lastSeq } = last;
    note({ f: 'sync', asked, conv, since, rev, lastSeq, ...(reset && { reset }), rows: [...rows.values()] });
    for (const event of held) apply(room, event.rev, event.row);
  }

  async function pagesSince(conv: Id, since: number): Promise<readonly Changes[] | 'unknown' | 'lost'> {
    const pages: Changes[] = [];
    for (let at = since === 0 ? fromTheEnd : since; ; ) {
      const outcome = await ask({ type: 'sync', conversationId: conv, since: at });
      if ('lost' in outcome) return 'lost';
      const { event } = outcome;
      if (event.type === 'error' && worthRetrying(event.code)) await pause(event.retryAfterMs ?? 1_000, signal);
      else if (event.type === 'error' && event.code === 'conversation.unknown') return 'unknown';
      else if (event.type !== 'changes') {
        const words = `A sync was answered with ${event.type === 'error' ? event.code : event.type}.`;
        note({ f: 'outside', what: 'answer', words });
        await pause(1_000, signal);
      } else {
        pages.push(event);
        if (!event.more) return pages;
        at = event.rev;
      }
      if (signal.aborted || !isOnline()) return 'lost';
    }
  }

  /** Numbers may be given out again: what they say is forgotten, and all is read again. */
  function begunAnew(now: string): boolean {
    const did = epoch !== undefined && epoch !== now;
    epoch = now;
    if (!did) return false;
    headsAt = undefined;
    for (const conv of rooms.keys()) sync(enter(conv));
    return true;
  }

  /** Somebody says where this conversation stands now. */
  function stands(conv: Id, rev: number): void {
    const room = rooms.get(conv) ?? enter(conv);
    if (rev !== room.rev || rev === 0) sync(room);
  }

  function durable(event: Durable, row: Row | undefined): void {
    const { conversationId: conv, rev } = event;
    const room = rooms.get(conv);
    if (event.type === 'conversation.added') return stands(conv, rev);
    if (!room) return stray(conv, event.type, rev);
    if (event.type === 'conversation.removed') return void rooms.delete(conv);
    if (event.type !== 'activity') return apply(room, rev, row);
    if (rev <= room.rev || room.held) return;
    note({ f: 'gap', conv, have: room.rev, rev });
    sync(room);
  }

  /** What leaves nothing behind: typing, receipts. */
  function passing(conv: Id, type: string): boolean {
    if (rooms.has(conv)) return mayBeIn(conv, user);
    stray(conv, type, 0);
    return false;
  }

  /** Of what is not held here. Where it is certain that they are out, it is written down already: see `foreignIn`. */
  function stray(conv: Id, type: string, rev: number): void {
    if (mayBeIn(conv, user)) note({ f: 'heard', conv, type, ...(rev > 0 && { rev }) });
  }

  function heads(event: EventOf<'heads'>): void {
    headsAt = event.at;
    if (begunAnew(event.epoch)) return;
    for (const { conversationId: conv, rev } of event.heads) {
      const room = rooms.get(conv);
      if (!room) {
        if (mayBeIn(conv, user)) stands(conv, rev);
      } else if (rev > room.rev && !room.held) {
        note({ f: 'gap', conv, have: room.rev, rev });
        sync(room);
      }
    }
  }

  return {
    ready(event) {
      if (epoch !== event.epoch) headsAt = undefined;
      const anew = begunAnew(event.epoch);
      const there = new Map(event.conversations.map(state => [state.conversation.id, state.rev]));
      for (const conv of rooms.keys()) if (!there.has(conv) && event.next === undefined) rooms.delete(conv);
      if (!anew) for (const [conv, rev] of there) stands(conv, rev);
    },
    hear({ event, row }) {
      switch (event.type) {
        case 'ack': {
          const room = rooms.get(event.message.conversationId);
          if (room && row) apply(room, row.rev, row);
          return;
        }
        case 'receipt': {
          const { conversationId: conv, userId, deliveredSeq: delivered, readSeq: read } = event;
          if (passing(conv, event.type)) note({ f: 'receipt', conv, user: userId, delivered, read });
          return;
        }
        case 'typing':
        case 'conversation.mine':
          return void passing(event.conversationId, event.type);
        case 'message.created':
        case 'message.updated':
        case 'message.deleted':
        case 'conversation.added':
        case 'conversation.updated':
        case 'conversation.removed':
        case 'activity':
          return durable(event, row);
      }
    },
    get: conv => rooms.get(conv),
    views: () => [...rooms.values()].map(viewOf),
    async compare() {
      const outcome = await ask({ type: 'heads', ...(headsAt !== undefined && { at: headsAt }) });
      if ('event' in outcome && outcome.event.type === 'heads') heads(outcome.event);
    },
    areWhole: () => [...rooms.values()].every(room => room.held === undefined),
  };
}

function viewOf({ conv, rev, lastSeq, rows }: Room): View {
  const shown: Row[] = [];
  for (let seq = lastSeq; shown.length < keep; seq--) {
    const row = rows.get(seq);
    if (!row) break;
    shown.push(row);
  }
  return { conv, rev, lastSeq, rows: shown.reverse() };
}
