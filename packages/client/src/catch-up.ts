import type { Id, Message, Seq } from '@carpenter/protocol';
import type { AnswerTo, Question } from './asks.ts';
import { ClientError } from './error.ts';
import type { Marks } from './marks.ts';
import { type People, peopleIn } from './people.ts';
import type { Retries } from './retries.ts';
import type { Session } from './session.ts';
import { drain, type Held, receive } from './sync/held.ts';
import { applyChanges, applyPage, type Durable, type Room } from './sync/room.ts';

/** Brings conversations to where the server is: changes are taken in by their order, and what was missed is asked for. */
export interface CatchUp {
  /** Asks for what changed, once at a time per conversation. */
  sync(id: Id): void;
  /** A change that came by itself. Most gaps before one close by themselves within a moment; others are asked for. */
  event(room: Room, event: Durable): void;
  /** The answer to a command of mine counts as its event. What was missed before it is asked for at once, and it waits. */
  acked(room: Room, message: Message): void;
  /** Reads a page of history and takes it in, again if something was forgotten meanwhile. */
  page(id: Id, query: PageQuery): Promise<void>;
  /** What is held of it is of an earlier epoch: shown until it is read again, from the start. */
  readonly isStale: (id: Id) => boolean;
  /** Another epoch: numbers may be given out again. @param stale  those that stay on the screen meanwhile */
  startAnew(stale: readonly Id[]): void;
  /** Over a new connection: what the former one left out does not come by itself any more. */
  connected(): void;
  forget(id: Id): void;
  close(): void;
}

export interface PageQuery {
  readonly before?: Seq;
  readonly after?: number;
  readonly around?: Seq;
  readonly limit?: number;
}

/** Events that came too early are given this long before what is missing is asked for. */
const holdMs = 300;
const fromTheStart = Number.MAX_SAFE_INTEGER;

export function createCatchUp(needs: {
  me: Id;
  ask: <Q extends Question>(question: Q) => Promise<AnswerTo<Q>>;
  http: Session['ask'];
  people: People;
  marks: Marks;
  retries: Retries;
  limited: <T>(run: () => Promise<T>) => Promise<T>;
  get: (id: Id) => Room | undefined;
  set: (id: Id, room: Room) => void;
  /** The server does not know it, or not for me. */
  gone: (id: Id) => void;
  /** A message of mine stands in the log. */
  mineSeen: (message: Message) => void;
}): CatchUp {
  const { me, ask, http, people, marks, retries, limited, get, set, gone, mineSeen } = needs;
  const held = new Map<Id, Held>();
  const holding = new Map<Id, ReturnType<typeof setTimeout>>();
  const syncing = new Map<Id, Promise<void>>();
  const stale = new Set<Id>();
  /** Answers that were asked for in an earlier one are worth nothing. */
  let era = 0;
  let closed = false;

  function sync(id: Id): void {
    if (syncing.has(id)) return;
    const run = limited(() => catchUp(id)).finally(() => {
      if (syncing.get(id) === run) syncing.delete(id);
    });
    syncing.set(id, run);
  }

  async function catchUp(id: Id): Promise<void> {
    try {
      for (;;) {
        const room = get(id);
        if (!room || closed) return;
        const asked = era;
        const since = stale.has(id) ? fromTheStart : room.log.rev;
        const changes = await ask({ type: 'sync', conversationId: id, since });
        const now = get(id);
        if (!now || asked !== era) return;
        stale.delete(id);
        keep(id, drain(applyChanges(now, changes, me), held.get(id) ?? new Map(), me));
        took(id, changes.messages);
        if (!changes.more) break;
      }
      retries.done(id);
      if (held.get(id)?.size) holdOn(id); // more was missed meanwhile
    } catch (error) {
      if (error instanceof ClientError && error.code === 'conversation.unknown') gone(id);
      else if (!closed) retries.later(id, error, () => sync(id)); // with a new connection all are compared anyway
    }
  }

  function keep(id: Id, next: { room: Room; held: Held }): void {
    held.set(id, next.held);
    set(id, next.room);
  }

  /** @returns whether something before it is missing */
  function take(room: Room, event: Durable): boolean {
    const { conversationId: id } = event;
    const next = receive(room, held.get(id) ?? new Map(), event, me);
    keep(id, next);
    return next.held.size > 0;
  }

  function holdOn(id: Id): void {
    if (holding.has(id)) return;
    const late = () => {
      holding.delete(id);
      if (held.get(id)?.size) sync(id);
    };
    holding.set(id, setTimeout(late, holdMs));
  }

  function took(id: Id, messages: readonly Message[]): void {
    if (messages.length === 0) return;
    people.need(messages.flatMap(peopleIn));
    for (const message of messages) if (message.sender === me) mineSeen(message);
    const others = messages.findLast(m => m.sender !== me);
    const room = get(id);
    if (room && others && others.seq > room.mine.deliveredSeq) marks.delivered(id, others.seq);
  }

  return {
    sync,
    event(room, event) {
      if (take(room, event)) holdOn(event.conversationId);
      if ('message' in event) took(event.conversationId, [event.message]);
    },
    acked(room, message) {
      const { conversationId, rev } = message;
      if (take(room, { type: 'message.created', conversationId, rev, message })) sync(conversationId);
    },
    async page(id, query) {
      for (let tries = 0; tries < 3 && !closed; tries++) {
        const forgot = get(id)?.log.forgot;
        const asked = era;
        const page = await http('messages', { params: { id }, query });
        const room = get(id);
        const next = room && forgot !== undefined && asked === era && applyPage(room, page, forgot, me);
        if (!next) continue;
        set(id, next);
        took(id, page.messages);
        return;
      }
    },
    isStale: id => stale.has(id),
    startAnew(ids) {
      era++;
      syncing.clear();
      for (const id of ids) stale.add(id);
    },
    connected() {
      held.clear();
      for (const id of stale) sync(id);
    },
    forget(id) {
      clearTimeout(holding.get(id));
      holding.delete(id);
      held.delete(id);
      stale.delete(id);
      retries.done(id);
    },
    close() {
      closed = true;
      for (const timer of holding.values()) clearTimeout(timer);
    },
  };
}
