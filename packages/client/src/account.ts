import type { Event, EventOf, Id, Me } from '@carpenter/protocol';
import type { Connection } from './connection.ts';
import { createHandle, type Handle } from './handle.ts';
import { createMarks } from './marks.ts';
import { cell, derived } from './observable.ts';
import { createOutbox, type Outbox } from './outbox/outbox.ts';
import { createPeople, type People } from './people.ts';
import { createRooms, type Rooms } from './rooms.ts';
import type { Session } from './session.ts';
import { isSnapshot, snapshotKey, takeSnapshot } from './snapshot.ts';
import { applySettings } from './sync/room.ts';
import type { Tabs } from './tabs.ts';
import type { ConversationRow, Observable, ServerInfo, Storage, UnsentMessage } from './types.ts';
import { createTyping } from './typing.ts';
import { rowsView } from './views/rows.ts';
import { kept } from './views/timeline.ts';

/** Everything of one account while it is signed in. */
export interface Account {
  readonly me: Id;
  readonly rooms: Rooms;
  readonly people: People;
  readonly outbox: Outbox;
  readonly conversations: Observable<readonly ConversationRow[] | undefined>;
  readonly server: Observable<ServerInfo | undefined>;
  readonly blocked: Observable<ReadonlySet<Id>>;
  readonly reportNews: Observable<number>;
  block(userId: Id, is: boolean): void;
  handle(id: Id): Handle;
  ready(event: EventOf<'ready'>): void;
  event(event: Event): void;
  offline(): void;
  setPresence(status: 'online' | 'away' | 'dnd'): void;
  close(): Promise<void>;
}

/** The snapshot follows a change after this time. */
const saveAfterMs = 3_000;
const noUnsent: readonly UnsentMessage[] = [];

export function createAccount(needs: {
  me: Me;
  session: Session;
  connection: Connection;
  storage: Storage;
  tabs: Tabs;
  now: () => number;
  random: () => number;
  /** Keep the newest messages for the next start. */
  snapshots: boolean;
}): Account {
  const { session, connection, storage, tabs, now, random, snapshots } = needs;
  const me = needs.me.id;
  const server = cell<ServerInfo | undefined>(undefined);
  const blocked = cell<ReadonlySet<Id>>(new Set());
  const reportNews = cell(0);
  const handles = new Map<Id, Handle>();
  let presence: 'online' | 'away' | 'dnd' | undefined;
  let saving: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const people = createPeople(async ids => {
    const answer = await session.ask('users', { query: { ids: ids.join(','), limit: ids.length } });
    return answer.users;
  });
  const marks = createMarks(connection.tell);
  const typing = createTyping({
    now,
    changed,
    send: (conversationId, active) => connection.tell({ type: 'typing', conversationId, active }),
  });
  const outbox = createOutbox({
    me,
    storage,
    tabs,
    now,
    random,
    async post({ clientId, conversationId, text, sentAt }) {
      const { message } = await connection.ask({ type: 'message.send', clientId, conversationId, text, sentAt });
      rooms.acked(message);
      return message;
    },
  });
  const rooms = createRooms({
    me,
    ask: connection.ask,
    http: session.ask,
    people,
    marks,
    mineSeen: outbox.seen,
    changed(id) {
      changed(id);
      saveSoon();
    },
  });

  const view = rowsView(me);
  let unsentBy = new Map<Id, readonly UnsentMessage[]>();
  const conversations = derived<readonly ConversationRow[] | undefined>(() =>
    rooms.listed()
      ? view({
          rooms: rooms.all(),
          users: people.users.get(),
          unsent: id => unsentBy.get(id) ?? noUnsent,
          typing: typing.in,
          blocked: blocked.get(),
        })
      : undefined,
  );

  function changed(id: Id): void {
    if (closed) return;
    handles.get(id)?.stale();
    conversations.stale();
  }

  outbox.messages.subscribe(() => {
    const before = unsentBy;
    unsentBy = group(outbox.messages.get(), before);
    const touched = new Set([...before.keys(), ...unsentBy.keys()]);
    for (const id of touched) if (before.get(id) !== unsentBy.get(id)) changed(id);
  });
  people.users.subscribe(() => conversations.stale());
  blocked.subscribe(() => conversations.stale());

  function saveSoon(): void {
    if (snapshots && !closed && saving === undefined) saving = setTimeout(save, saveAfterMs);
  }
  async function save(): Promise<void> {
    clearTimeout(saving);
    saving = undefined;
    const epoch = rooms.epoch();
    if (epoch === undefined) return;
    const latest = (conversations.get() ?? []).flatMap(row => rooms.get(row.id) ?? []);
    await storage.write(snapshotKey(me), takeSnapshot(epoch, latest, people.users.get()));
  }
  async function restore(): Promise<void> {
    if (!snapshots) return;
    const last = await storage.read(snapshotKey(me));
    if (closed || !isSnapshot(last)) return;
    people.know(last.users);
    rooms.restore(last.epoch, last.rooms);
  }
  restore();

  /** Kinds that this version does not know pass by. */
  function event(event: Event): void {
    switch (event.type) {
      case 'message.created':
        typing.heard(event.conversationId, event.message.sender, false);
        return rooms.durable(event);
      case 'message.updated':
      case 'message.deleted':
      case 'conversation.updated':
      case 'activity':
        return rooms.durable(event);
      case 'conversation.added':
        people.know(event.users);
        return rooms.add(event.state);
      case 'conversation.removed':
        return rooms.gone(event.conversationId);
      case 'conversation.mine':
        return rooms.change(event.conversationId, room => applySettings(room, event.settings));
      case 'blocks':
        return blocked.set(new Set(event.userIds));
      case 'report.changed':
        return reportNews.set(reportNews.get() + 1);
      case 'receipt':
        return rooms.receipt(event);
      case 'typing':
        return typing.heard(event.conversationId, event.userId, event.active);
      case 'presence':
        return people.changed(event);
      case 'user.updated':
        people.know([event.user]);
        if (event.user.id === me) session.changeMe(event.user);
        return;
      case 'ack': // came too late for the one who asked
        return rooms.acked(event.message);
    }
  }

  return {
    me,
    rooms,
    people,
    outbox,
    conversations,
    server,
    blocked,
    reportNews,
    block(userId, is) {
      const others = [...blocked.get()].filter(id => id !== userId);
      blocked.set(new Set(is ? [...others, userId] : others));
    },
    handle(id) {
      const known = handles.get(id);
      if (known) return known;
      const handle = createHandle(id, {
        me,
        rooms,
        outbox,
        people,
        typing,
        http: session.ask,
        ask: connection.ask,
        server: server.get,
        unsent: of => unsentBy.get(of) ?? noUnsent,
      });
      handles.set(id, handle);
      return handle;
    },
    ready(event) {
      const { version, limits, serverTime, user } = event;
      server.set({ version, limits, clockOffsetMs: Date.parse(serverTime) - now() });
      session.changeMe(user);
      blocked.set(new Set(event.blocked));
      reportNews.set(reportNews.get() + 1);
      rooms.ready(event);
      outbox.online(true);
      marks.online();
      if (presence !== undefined) connection.tell({ type: 'presence.set', status: presence });
      for (const handle of handles.values()) handle.online();
    },
    event,
    offline() {
      outbox.online(false);
      people.offline();
    },
    setPresence(status) {
      presence = status;
      connection.tell({ type: 'presence.set', status });
    },
    async close() {
      if (saving !== undefined) await save();
      closed = true;
      rooms.close();
      typing.close();
      marks.close();
      await outbox.close();
    },
  };
}

/** By conversation, keeping the lists that did not change. */
function group(all: readonly UnsentMessage[], former: ReadonlyMap<Id, readonly UnsentMessage[]>) {
  const lists = Map.groupBy(all, message => message.conversationId);
  return new Map([...lists].map(([id, list]) => [id, kept(former.get(id) ?? noUnsent, list)] as const));
}
