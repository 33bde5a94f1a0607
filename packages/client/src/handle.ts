import type { Id, Seq } from '@carpenter/protocol';
import { fixed } from '@carpenter/protocol';
import type { PageQuery } from './catch-up.ts';
import { ClientError } from './error.ts';
import { createInTurn } from './in-turn.ts';
import type { Marks } from './marks.ts';
import { type ActsNeeds, createMessageActs } from './message-acts.ts';
import { derived } from './observable.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Retries } from './retries.ts';
import { tail } from './sync/log.ts';
import { type Room, unreadFrom, withMembers } from './sync/room.ts';
import { checkText } from './text.ts';
import type { ServerInfo } from './types/connection.ts';
import type { ConversationHandle, Timeline } from './types/conversations.ts';
import type { UnsentMessage } from './types/messages.ts';
import type { Typing } from './typing.ts';
import { firstUnread, timelineOf, windowOf } from './views/timeline.ts';

export interface HandleNeeds extends ActsNeeds {
  readonly me: Id;
  readonly outbox: Outbox;
  readonly marks: Pick<Marks, 'around'>;
  readonly retries: Retries;
  readonly typing: Typing;
  readonly server: () => ServerInfo | undefined;
  readonly unsent: (id: Id) => readonly UnsentMessage[];
}

/** A handle, and how its account keeps it true. */
export interface Handle extends ConversationHandle {
  stale(): void;
  /** There is a connection, or a conversation of mine (again): read what could not be read before. */
  online(): void;
}

export function createHandle(id: Id, needs: HandleNeeds): Handle {
  const { me, rooms, marks, retries, outbox, people, typing, http, ask, server, unsent } = needs;
  const inTurn = createInTurn();
  let at: Seq | undefined;
  /** A page is there to be shown. */
  let opened = false;
  /** It was read from the server since somebody looks. */
  let loaded = false;
  let membersCursor: string | undefined;
  let unreadAt: Seq | undefined;
  let watchers = 0;
  let opening: Promise<void> | undefined;
  const paging = new Map<string, Promise<void>>();

  const view = derived<Timeline>(former => {
    const room = rooms.get(id);
    const gone = rooms.isGone(id);
    const sources = { me, room, gone, opened, at, unreadAt, unsent: unsent(id), typing: typing.in(id) };
    if (room && opened) at = windowOf(room.log, at)?.to ?? at; // the window goes on from its own end, not over holes
    return timelineOf(sources, former);
  });

  const window = () => {
    const room = rooms.get(id);
    return room && windowOf(room.log, at);
  };

  const page = (query: PageQuery) => rooms.page(id, query);
  function once(name: string, run: () => Promise<void>): Promise<void> {
    const running = paging.get(name) ?? run().finally(() => paging.delete(name));
    paging.set(name, running);
    return running;
  }

  async function detail(): Promise<void> {
    const answer = await http('conversation', { params: { id } });
    people.know(answer.users);
    people.present(answer.presence);
    rooms.add(answer);
    const { members } = answer;
    if (members) rooms.change(id, room => withMembers(room, members, true));
  }

  function show(room: Room): void {
    if (!opened) unreadAt = firstUnread(room, me);
    opened = true;
    view.stale();
  }

  async function open(): Promise<void> {
    try {
      const known = rooms.get(id);
      const details = detail();
      if (!known) await details;
      const unread = rooms.get(id)?.mine.unread ?? 0;
      const limit = Math.min(fixed.pageMax, Math.max(fixed.pageDefault, unread + 20));
      await Promise.all([details, page({ limit })]);
      const room = rooms.get(id);
      if (!room) return;
      at = undefined;
      loaded = true;
      show(room);
    } catch (error) {
      const code = error instanceof ClientError ? error.code : undefined;
      const isNoId = code === 'input.invalid' && !rooms.get(id);
      if (code === 'conversation.unknown' || isNoId) rooms.gone(id);
      else throw error;
    }
  }
  function reload(): Promise<void> {
    opening ??= open().finally(() => {
      opening = undefined;
    });
    return opening;
  }
  const tries = `open ${id}`;
  const tryOpen = () => {
    reload().then(
      () => retries.done(tries),
      error => watchers > 0 && retries.later(tries, error, tryOpen),
    );
  };

  function begin(): void {
    rooms.watch(id, true);
    const room = rooms.get(id);
    const held = room && tail(room.log);
    if (room && held && (held.from === 1 || held.messages.length > 1)) show(room); // from an earlier visit
    tryOpen();
  }
  function end(): void {
    rooms.watch(id, false);
    retries.done(tries);
    opened = false;
    loaded = false;
    at = undefined;
    unreadAt = undefined;
    view.stale();
  }

  return {
    id,
    timeline: {
      get: view.get,
      subscribe(listener) {
        if (watchers++ === 0) begin();
        const unsubscribe = view.subscribe(listener);
        let over = false;
        return () => {
          unsubscribe();
          if (!over && --watchers === 0) end();
          over = true;
        };
      },
    },
    stale() {
      if (rooms.isGone(id)) {
        opened = false;
        loaded = false;
      }
      view.stale();
    },
    online() {
      if (watchers > 0 && !loaded) tryOpen();
    },
    reload,
    loadOlder: () =>
      once('older', async () => {
        const shown = window();
        if (shown && shown.from > 1) await page({ before: shown.from });
      }),
    loadNewer: () =>
      once('newer', async () => {
        const shown = window();
        if (shown) await page({ after: shown.to });
      }),
    async loadAround(seq) {
      await page({ around: seq });
      at = seq;
      view.stale();
    },
    async loadNewest() {
      const room = rooms.get(id);
      if (!room || !tail(room.log)) await page({});
      at = undefined;
      view.stale();
    },
    loadMembers: () =>
      once('members', async () => {
        const query = { limit: fixed.pageMax, cursor: membersCursor };
        const answer = await http('members', { params: { id }, query });
        membersCursor = answer.next;
        people.know(answer.users);
        rooms.change(id, room => withMembers(room, answer.members, answer.next === undefined));
      }),
    send(text, more) {
      const mayBeEmpty =
        more?.forward !== undefined || [...(more?.attachments ?? []), ...(more?.uploads ?? [])].length > 0;
      if (!mayBeEmpty || text !== '') checkText(text, server()?.limits);
      typing.mine(id, false);
      return outbox.add(id, text, more);
    },
    stored: clientId => outbox.stored(clientId),
    retry: clientId => outbox.retry(clientId),
    discard: clientId => outbox.discard(clientId),
    takeBack: clientId => outbox.takeBack(clientId),
    async edit(seq, text) {
      if (text !== '') checkText(text, server()?.limits); // empty is fine under files: the server knows whether there are any
      rooms.acked((await ask({ type: 'message.edit', conversationId: id, seq, text })).message);
    },
    async delete(seq) {
      rooms.acked((await ask({ type: 'message.delete', conversationId: id, seq })).message);
    },
    ...createMessageActs(id, needs),
    markRead: seq => rooms.read(id, seq),
    async markUnread(seq) {
      const before = rooms.get(id)?.mine.unreadFrom;
      rooms.change(id, room => unreadFrom(room, seq, me));
      try {
        await inTurn('unread', () => marks.around(id, () => http('markUnread', { params: { id }, body: { seq } })));
      } catch (error) {
        // what was read meanwhile has taken the mark away itself
        rooms.change(id, room => (room.mine.unreadFrom === seq ? unreadFrom(room, before, me) : room));
        throw error;
      }
    },
    setTyping: active => typing.mine(id, active),
  };
}
