import { type Close, closes, type Event, type Id } from '@carpenter/protocol';
import type { Bus, Origin, Told } from '../bus/bus.ts';
import type { Listeners } from '../chat/settled.ts';
import { type Frame, frameOf } from './frame.ts';
import type { Seat } from './seat.ts';

/** Who on this node hears what. */
export interface Hub {
  /** From now on it hears what is told to its person. */
  join(seat: Seat): void;
  /** … and what is told to these conversations, but for those it was taken out of since it joined. */
  subscribe(seat: Seat, conversationIds: readonly Id[]): void;
  leave(seat: Seat): void;
  /** All of them. */
  seats(): Iterable<Seat>;
  readonly listeners: Listeners;
}

export function createHub(bus: Bus): Hub {
  const byId = new Map<string, Seat>();
  const byUser = new Map<Id, Set<Seat>>();
  const byConversation = new Map<Id, Set<Seat>>();
  // Removals that came between joining and subscribing: the list of conversations was read before them.
  const removedMeanwhile = new Map<Seat, Set<Id>>();

  const watching = new Map<Seat, ReadonlyMap<Id, Id>>();

  function hearIn(conversationId: Id, seat: Seat): void {
    add(byConversation, conversationId, seat);
    seat.conversations.add(conversationId);
  }

  /** A thread that is also followed is heard anyway, and once. */
  function watch(seat: Seat, threads: ReadonlyMap<Id, Id>): void {
    for (const threadId of watching.get(seat)?.keys() ?? []) {
      if (!seat.conversations.has(threadId)) remove(byConversation, threadId, seat);
    }
    watching.set(seat, threads);
    for (const threadId of threads.keys()) add(byConversation, threadId, seat);
  }

  function tellConversation(conversationId: Id, event: Event, origin?: Origin, except: readonly Id[] = []): void {
    const seats = byConversation.get(conversationId);
    const asked = origin && byId.get(origin.seat);
    if (seats) {
      const frame = frameOf(event);
      for (const seat of seats) {
        if (seat !== asked && !except.includes(seat.actor.userId)) seat.hear(frame);
      }
    }
    // an answer comes also where nothing else is heard: in a thread that is neither followed nor watched
    if (asked && origin) asked.hear(acknowledged(event, origin));
  }

  function tellUsers(userIds: readonly Id[], event: Event): void {
    let frame: Frame | undefined;
    for (const userId of userIds) {
      for (const seat of byUser.get(userId) ?? []) {
        // taken out again while the event was made: what is in it may be younger than that
        if (event.type === 'conversation.added' && !seat.conversations.has(event.conversationId)) continue;
        frame ??= frameOf(event);
        seat.hear(frame);
      }
    }
  }

  function change(told: Extract<Told, { to: 'hub' }>): void {
    switch (told.change) {
      case 'members.added':
        for (const userId of told.userIds) {
          for (const seat of byUser.get(userId) ?? []) {
            removedMeanwhile.get(seat)?.delete(told.conversationId);
            hearIn(told.conversationId, seat);
          }
        }
        return;
      case 'member.removed':
        for (const seat of byUser.get(told.userId) ?? []) {
          removedMeanwhile.get(seat)?.add(told.conversationId);
          seat.conversations.delete(told.conversationId);
          if (!watching.get(seat)?.has(told.conversationId)) remove(byConversation, told.conversationId, seat);
          const watched = watching.get(seat);
          if (watched) watch(seat, new Map([...watched].filter(([, parentId]) => parentId !== told.conversationId)));
        }
        return;
      case 'watching':
        for (const seat of byUser.get(told.userId) ?? []) {
          const meant = told.seat === undefined ? seat.actor.sessionId === told.sessionId : seat.id === told.seat;
          if (!meant) continue;
          // what was taken away since it was asked about does not come back with the next one
          const kept = [...(watching.get(seat) ?? [])].filter(([threadId]) => told.among.includes(threadId));
          if (!told.thread) watch(seat, new Map(kept));
          else {
            const { id: conversationId, parentId, rev, lastSeq } = told.thread;
            watch(seat, new Map([...kept, [conversationId, parentId]]));
            seat.hear(frameOf({ type: 'activity', conversationId, rev, lastSeq }));
          }
        }
        return;
      case 'conversations.deleted':
        for (const conversationId of told.conversationIds) {
          for (const seat of byConversation.get(conversationId) ?? []) seat.conversations.delete(conversationId);
          byConversation.delete(conversationId);
          for (const removed of removedMeanwhile.values()) removed.add(conversationId);
        }
        return;
      case 'session.ended': {
        const { userId, sessionId } = told;
        const ended = [...(byUser.get(userId) ?? [])].filter(seat => !sessionId || seat.actor.sessionId === sessionId);
        const close: Close = closes.sessionEnded;
        for (const seat of ended) seat.end(close);
      }
    }
  }

  bus.listen(told => {
    if (told.to === 'conversation') tellConversation(told.conversationId, told.event, told.origin, told.except);
    else if (told.to === 'users') tellUsers(told.userIds, told.event);
    else change(told);
  });

  return {
    seats: () => byId.values(),
    listeners: {
      people: () => [...byUser.keys()],
      of: conversationId => {
        const seats = [...(byConversation.get(conversationId) ?? [])];
        const members = seats.filter(seat => seat.conversations.has(conversationId)); // others only watch it
        return new Set(members.map(seat => seat.actor.userId));
      },
      heardBy: userId => new Set([...(byUser.get(userId) ?? [])].flatMap(seat => [...seat.conversations])),
    },
    join(seat) {
      byId.set(seat.id, seat);
      add(byUser, seat.actor.userId, seat);
      removedMeanwhile.set(seat, new Set());
    },
    subscribe(seat, conversationIds) {
      const removed = removedMeanwhile.get(seat);
      if (!removed) return; // it has left already
      removedMeanwhile.delete(seat);
      for (const conversationId of conversationIds) if (!removed.has(conversationId)) hearIn(conversationId, seat);
    },
    leave(seat) {
      byId.delete(seat.id);
      removedMeanwhile.delete(seat);
      watch(seat, new Map());
      watching.delete(seat);
      remove(byUser, seat.actor.userId, seat);
      for (const conversationId of seat.conversations) remove(byConversation, conversationId, seat);
      seat.conversations.clear();
    },
  };
}

/** On the connection that asked for it, the answer stands for the event. */
function acknowledged(event: Event, { ref, notices }: Origin): Frame {
  if (!('message' in event) || typeof event.message === 'string') return frameOf(event);
  const beside = { ...(ref !== undefined && { ref }), ...(notices && { notices: [...notices] }) };
  return frameOf({ type: 'ack', ...beside, message: event.message });
}

function add(map: Map<Id, Set<Seat>>, key: Id, seat: Seat): void {
  const set = map.get(key);
  if (set) set.add(seat);
  else map.set(key, new Set([seat]));
}

function remove(map: Map<Id, Set<Seat>>, key: Id, seat: Seat): void {
  const set = map.get(key);
  set?.delete(seat);
  if (set?.size === 0) map.delete(key);
}
