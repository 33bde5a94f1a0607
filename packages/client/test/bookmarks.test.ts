import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bookmark } from '@carpenter/protocol';
import { createBookmarks } from '../src/personal/bookmarks.ts';
import { createRetries } from '../src/retries.ts';

test('a bookmark that changes while its list is being read is not lost to an answer from before', async t => {
  const bookmark: Bookmark = {
    conversationId: 'c',
    seq: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    message: {
      id: 'm',
      clientId: 'm',
      conversationId: 'c',
      seq: 1,
      rev: 1,
      sender: 'a',
      type: 'text',
      text: '',
      createdAt: '2026-01-01T00:00:00.000Z',
    },
    doneAt: '2026-01-02T00:00:00.000Z',
  };
  const answers: ((bookmarks: readonly Bookmark[]) => void)[] = [];
  const ask = () =>
    new Promise<{ bookmarks: readonly Bookmark[]; users: [] }>(resolve =>
      answers.push(bookmarks => resolve({ bookmarks, users: [] })),
    );
  const { lists, heard } = createBookmarks(
    ask,
    () => {},
    createRetries(() => 0.5),
  );
  t.after(lists.done.subscribe(() => {}));
  heard({ type: 'bookmark.updated', bookmark });
  answers[0]?.([]);
  await new Promise(setImmediate);
  answers[1]?.([bookmark]);
  await new Promise(setImmediate);
  assert.deepEqual(lists.done.get()?.items, [bookmark]);
});
