import type { Id, Message } from '@carpenter/protocol';
import type { People } from './people.ts';
import type { Retries } from './retries.ts';
import type { Rooms } from './rooms.ts';
import type { Session } from './session.ts';
import { messageAt } from './sync/log.ts';
import type { Room } from './sync/room.ts';
import type { ThreadRow } from './types/conversations.ts';
import { kept } from './views/timeline.ts';

/** The threads I follow, with what they hang on. */
export interface Threads {
  readonly rows: () => readonly ThreadRow[];
  /** Reads the first page again: the unread ones are on it. */
  first(): Promise<void>;
  /** Reads the next page. False: that was all. */
  more(): Promise<boolean>;
  /** There is a connection (again): what could not be read is, when somebody looks. */
  online(): void;
}

export function createThreads(needs: {
  rooms: Rooms;
  people: People;
  http: Session['ask'];
  retries: Retries;
  changed: () => void;
}): Threads {
  const { rooms, people, http, retries, changed } = needs;
  /** As they were when a list was read; the parent's log knows better where it is held. */
  const roots = new Map<Id, Message>();
  const asked = new Set<Id>();
  let cursor: string | undefined;
  let began = false;
  let list: readonly ThreadRow[] = [];
  let rows = new Map<Id, { room: Room; root: Message; row: ThreadRow }>();

  async function read(from: string | undefined): Promise<void> {
    const page = await http('threads', { query: { limit: 50, cursor: from } });
    began = true;
    cursor = page.next;
    people.know(page.users);
    for (const { state, root } of page.threads) {
      roots.set(state.conversation.id, root);
      rooms.add(state);
    }
    changed();
  }

  function rootOf({ conversation: { id, parent } }: Room): Message | undefined {
    const parentRoom = parent && rooms.get(parent.conversationId);
    const root = (parentRoom && messageAt(parentRoom.log, parent.seq)) ?? roots.get(id);
    if (!root && parent && !asked.has(id)) void fetchRoot(id, parent.conversationId, parent.seq);
    return root;
  }

  /** Of a thread that I follow since a moment ago. */
  async function fetchRoot(id: Id, parentId: Id, seq: number): Promise<void> {
    asked.add(id);
    try {
      roots.set(id, await http('message', { params: { id: parentId, seq } }));
      retries.done(`root ${id}`);
      changed();
    } catch (error) {
      retries.later(`root ${id}`, error, () => fetchRoot(id, parentId, seq));
    }
  }

  function rowOf(room: Room, root: Message): ThreadRow {
    const { conversation, log, mine, blocked } = room;
    const lastMessage = messageAt(log, log.lastSeq) ?? log.stretches.at(-1)?.messages.at(-1);
    const { unread, mentions } = mine;
    const lastBlocked = lastMessage !== undefined && blocked.has(lastMessage.sender);
    const last = { ...(lastMessage && { lastMessage }), lastBlocked };
    return { id: conversation.id, conversation, root, ...last, unread, mentions };
  }

  const lastAt = ({ lastMessage, conversation }: ThreadRow) => lastMessage?.createdAt ?? conversation.createdAt;

  return {
    rows() {
      const next: typeof rows = new Map();
      for (const room of rooms.all()) {
        if (room.conversation.type !== 'thread' || !room.mine.following) continue;
        const root = rootOf(room);
        if (!root) continue;
        const before = rows.get(room.conversation.id);
        const same = before?.room === room && before.root === root;
        next.set(room.conversation.id, same ? before : { room, root, row: rowOf(room, root) });
      }
      rows = next;
      const sorted = [...next.values()]
        .map(({ row }) => row)
        .sort((a, b) => Number(b.unread > 0) - Number(a.unread > 0) || (lastAt(a) < lastAt(b) ? 1 : -1));
      list = kept(list, sorted);
      return list;
    },
    first: () => read(undefined),
    async more() {
      if (!began || cursor !== undefined) await read(cursor);
      return cursor !== undefined;
    },
    online() {
      asked.clear();
      changed();
    },
  };
}
