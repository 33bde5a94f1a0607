import type { Bookmark, EventOf, Id, Seq, User } from '@carpenter/protocol';
import type { Retries } from '../retries.ts';
import type { Bookmarks } from './types.ts';
import { type Watched, watched } from './watched.ts';

type Which = 'toDo' | 'done';

export interface BookmarkLists {
  readonly lists: { readonly [W in Which]: Watched<Bookmarks | undefined> };
  more(which: Which): Promise<void>;
  take(bookmark: Bookmark): void;
  gone(conversationId: Id, seq: Seq): void;
  heard(event: EventOf<'bookmark.updated' | 'bookmark.removed'>): void;
}

const pageSize = 50;
/** What a list is sorted by. */
const placeOf = ({ createdAt, doneAt, conversationId, seq }: Bookmark): [string, Id, Seq] => [
  doneAt ?? createdAt,
  conversationId,
  seq,
];
function later(a: Bookmark, b: Bookmark): number {
  const [one, other] = [placeOf(a), placeOf(b)];
  for (const [i, part] of one.entries()) {
    const there = other[i] ?? '';
    if (part !== there) return part > there ? -1 : 1;
  }
  return 0;
}

/** One of the routes: a page of them. */
type Read = (
  route: 'bookmarks',
  asked: { query: { done: 'true' | 'false'; limit: number; cursor: string | undefined } },
) => Promise<{ bookmarks: readonly Bookmark[]; users: readonly User[]; next?: string | undefined }>;

export function createBookmarks(ask: Read, know: (users: readonly User[]) => void, retries: Retries): BookmarkLists {
  const cursors: { [W in Which]?: string | undefined } = {};
  let changes = 0;

  async function load(which: Which, from: string | undefined): Promise<void> {
    const query = { done: which === 'done' ? 'true' : 'false', limit: pageSize, cursor: from } as const;
    const asked = changes;
    const { bookmarks, users, next } = await ask('bookmarks', { query });
    know(users);
    if (from === undefined && asked !== changes) return load(which, from); // it may be older than what was heard meanwhile
    cursors[which] = next;
    const before = from === undefined ? [] : (lists[which].get()?.items ?? []);
    const fresh = bookmarks.filter(b => !before.some(one => same(one, b.conversationId, b.seq)));
    lists[which].cell.set({ items: [...before, ...fresh], more: next !== undefined });
  }
  const listOf = (which: Which) =>
    watched<Bookmarks | undefined>(`bookmarks ${which}`, undefined, () => load(which, undefined), retries);
  const lists = { toDo: listOf('toDo'), done: listOf('done') };

  function gone(conversationId: Id, seq: Seq): void {
    changes++;
    for (const { cell } of Object.values(lists)) {
      const list = cell.get();
      if (!list?.items.some(one => same(one, conversationId, seq))) continue;
      cell.set({ ...list, items: list.items.filter(one => !same(one, conversationId, seq)) });
    }
  }

  function take(bookmark: Bookmark): void {
    const { conversationId, seq, doneAt } = bookmark;
    gone(conversationId, seq);
    const { cell } = doneAt === undefined ? lists.toDo : lists.done;
    const list = cell.get();
    if (!list) return;
    const items = [...list.items, bookmark].toSorted(later);
    // behind what was read so far it comes with its page
    if (list.more && items.at(-1) === bookmark) return;
    cell.set({ ...list, items });
  }

  return {
    lists,
    async more(which) {
      if (cursors[which] !== undefined) await load(which, cursors[which]);
    },
    take,
    gone,
    heard: event => (event.type === 'bookmark.updated' ? take(event.bookmark) : gone(event.conversationId, event.seq)),
  };
}

const same = (one: Bookmark, conversationId: Id, seq: Seq): boolean =>
  one.conversationId === conversationId && one.seq === seq;
