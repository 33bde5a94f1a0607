import type { Event, EventOf, Id, Me, Notice } from '@carpenter/protocol';
import { besideOf } from './beside.ts';
import type { Connection } from './connection.ts';
import { createHandle, type Handle } from './handle.ts';
import { createMarks } from './marks.ts';
import { cell, type Derived, derived } from './observable.ts';
import { createOutbox, type Outbox } from './outbox/outbox.ts';
import { createPeople, type People } from './people.ts';
import { createPersonal, type OwnPersonal } from './personal/personal.ts';
import { createRetries } from './retries.ts';
import { createRooms, type Rooms } from './rooms.ts';
import type { Session } from './session.ts';
import { createSnapshots, type Snapshot, takeSnapshot } from './snapshot.ts';
import type { SafeStorage } from './storage/storage.ts';
import { applySettings, type Room, withoutReading } from './sync/room.ts';
import type { Tabs } from './tabs.ts';
import { createThreads, type Threads } from './threads.ts';
import type { Because, Observable } from './types/basics.ts';
import type { ServerInfo } from './types/connection.ts';
import type { ConversationRow, ThreadRow } from './types/conversations.ts';
import type { Noticed, UnsentMessage } from './types/messages.ts';
import { createTyping } from './typing.ts';
import type { Files } from './uploads/files.ts';
import type { Tus } from './uploads/tus.ts';
import { createUploads, type Uploads } from './uploads/uploads.ts';
import { rowsView } from './views/rows.ts';
import { kept } from './views/timeline.ts';

/** Everything of one account while it is signed in. */
export interface Account {
  readonly me: Id;
  readonly rooms: Rooms;
  readonly people: People;
  readonly outbox: Outbox;
  readonly personal: OwnPersonal;
  readonly uploads: Uploads;
  readonly conversations: Observable<readonly ConversationRow[] | undefined>;
  readonly server: Observable<ServerInfo | undefined>;
  readonly blocked: Observable<ReadonlySet<Id>>;
  readonly reportNews: Observable<number>;
  block(userId: Id, is: boolean): void;
  readonly followed: Observable<readonly ThreadRow[]>;
  readonly noticed: Observable<Noticed | undefined>;
  readonly threads: Threads;
  handle(id: Id): Handle;
  ready(event: EventOf<'ready'>): void;
  event(event: Event): void;
  offline(): void;
  setPresence(status: 'online' | 'away' | 'dnd'): void;
  close(): Promise<void>;
}

const noUnsent: readonly UnsentMessage[] = [];

export function createAccount(needs: {
  me: Me;
  session: Session;
  tus: Tus;
  files: Files;
  connection: Connection;
  storage: SafeStorage;
  tabs: Tabs;
  now: () => number;
  random: () => number;
  /** Keep the newest messages for the next start. */
  snapshots: boolean;
}): Account {
  const { session, tus, files, connection, storage, tabs, now, random } = needs;
  const me = needs.me.id;
  const server = cell<ServerInfo | undefined>(undefined);
  const blocked = cell<ReadonlySet<Id>>(new Set());
  const reportNews = cell(0);
  const noticed = cell<Noticed | undefined>(undefined);
  const handles = new Map<Id, Handle>();
  const retries = createRetries(random);
  let presence: 'online' | 'away' | 'dnd' | undefined;
  let closed = false;

  const serverNow = () => now() + (server.get()?.clockOffsetMs ?? 0);
  const lookUp = async (ids: readonly Id[]) =>
    (await session.ask('users', { query: { ids: ids.join(','), limit: ids.length } })).users;
  const people = createPeople(lookUp, retries);
  const marks = createMarks(connection.tell);
  const typing = createTyping({
    now,
    changed,
    send: (conversationId, active) => connection.tell({ type: 'typing', conversationId, active }),
  });
  const uploads = createUploads({
    ...{ me, storage, files, tabs, tus, now, random },
    result: async id => (await session.ask('upload', { params: { id } })).attachment,
    limits: () => server.get()?.limits,
  });
  const personal = createPersonal({
    me: needs.me,
    session,
    storage,
    people,
    uploads,
    retries,
    now: serverNow,
  });
  let discreet = false;
  personal.settings.subscribe(() => {
    const before = discreet;
    discreet = personal.settings.get()?.readReceipts === false;
    if (discreet && !before) for (const { conversation } of rooms.all()) rooms.change(conversation.id, forget);
  });
  const forget = (room: Room) => withoutReading(room, me);
  const outbox = createOutbox({
    me,
    storage,
    tabs,
    now,
    serverNow,
    random,
    uploads,
    async post({ clientId, conversationId, text, more, sentAt }) {
      const { message, notices } = await connection.ask({
        type: 'message.send',
        clientId,
        conversationId,
        text,
        ...besideOf(more),
        sentAt,
      });
      rooms.acked(message);
      if (notices) noticed.set({ conversationId, clientId, notices: notices.map(toBecause) });
      return message;
    },
  });
  const rooms = createRooms({
    me,
    ask: connection.ask,
    http: session.ask,
    tell: connection.tell,
    fetchThreads: () => threads.first(),
    people,
    marks,
    retries,
    mineSeen: outbox.seen,
    changed(id) {
      changed(id);
      snapshots?.soon();
    },
  });

  const threads = createThreads({ rooms, people, http: session.ask, retries, changed: () => followed.stale() });
  const followed: Derived<readonly ThreadRow[]> = derived(threads.rows);

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
    followed.stale();
  }

  outbox.messages.subscribe(() => {
    const before = unsentBy;
    unsentBy = group(outbox.messages.get(), before);
    const touched = new Set([...before.keys(), ...unsentBy.keys()]);
    for (const id of touched) if (before.get(id) !== unsentBy.get(id)) changed(id);
  });
  people.users.subscribe(() => conversations.stale());
  blocked.subscribe(() => conversations.stale());

  function setBlocked(userIds: readonly Id[]): void {
    people.need(userIds);
    blocked.set(new Set(userIds));
    rooms.block(blocked.get());
  }

  function present(): Snapshot | undefined {
    const epoch = rooms.epoch();
    if (epoch === undefined) return undefined;
    const latest = (conversations.get() ?? []).flatMap(row => rooms.get(row.id) ?? []);
    return takeSnapshot(epoch, latest, people.users.get());
  }
  const snapshots = needs.snapshots ? createSnapshots(me, storage, present) : undefined;
  async function restore(): Promise<void> {
    const last = await snapshots?.last();
    if (closed || !last) return;
    people.know(last.users);
    rooms.restore(last.epoch, last.rooms);
  }
  restore();

  function readAgain(): void {
    for (const handle of handles.values()) handle.online();
  }

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
        rooms.add(event.state);
        return readAgain();
      case 'conversation.removed':
        return rooms.removed(event.conversationId);
      case 'conversation.mine':
        return rooms.change(event.conversationId, room => applySettings(room, event.settings));
      case 'blocks':
        return setBlocked(event.userIds);
      case 'report.changed':
        return reportNews.set(reportNews.get() + 1);
      case 'receipt':
        return rooms.receipt(event);
      case 'typing':
        return typing.heard(event.conversationId, event.userId, event.active);
      case 'presence':
        return people.changed(event);
      case 'user.updated':
        return people.know([event.user]);
      case 'me.updated':
        people.know([event.user]);
        return personal.event(event);
      case 'draft.updated':
      case 'bookmark.updated':
      case 'bookmark.removed':
      case 'scheduled.updated':
      case 'scheduled.removed':
        return personal.event(event);
      case 'ack': // came too late for the one who asked
        return rooms.acked(event.message);
      case 'error':
        return rooms.refused(event);
    }
  }

  return {
    me,
    rooms,
    people,
    outbox,
    personal,
    uploads,
    conversations,
    followed,
    noticed,
    threads,
    server,
    blocked,
    reportNews,
    block(userId, is) {
      const others = [...blocked.get()].filter(id => id !== userId);
      setBlocked(is ? [...others, userId] : others);
    },
    handle(id) {
      const known = handles.get(id);
      if (known) return known;
      const handle = createHandle(id, {
        me,
        rooms,
        marks,
        retries,
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
      setBlocked(event.blocked ?? []);
      reportNews.set(reportNews.get() + 1);
      rooms.ready(event);
      uploads.online(true);
      outbox.online(true);
      marks.online();
      personal.online();
      people.online();
      threads.online();
      if (presence !== undefined) connection.tell({ type: 'presence.set', status: presence });
      readAgain();
    },
    event,
    offline() {
      uploads.online(false);
      outbox.online(false);
      people.offline();
    },
    setPresence(status) {
      presence = status;
      connection.tell({ type: 'presence.set', status });
    },
    async close() {
      closed = true;
      retries.close();
      rooms.close();
      typing.close();
      marks.close();
      await snapshots?.close();
      await personal.close();
      await uploads.close();
      await outbox.close();
    },
  };
}

const toBecause = ({ code, message: words }: Notice): Because => ({ code, words });

/** By conversation, keeping the lists that did not change. */
function group(all: readonly UnsentMessage[], former: ReadonlyMap<Id, readonly UnsentMessage[]>) {
  const lists = Map.groupBy(all, message => message.conversationId);
  return new Map([...lists].map(([id, list]) => [id, kept(former.get(id) ?? noUnsent, list)] as const));
}
