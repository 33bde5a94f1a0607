import type { Id } from '@carpenter/protocol';
import { useClient, useObservable } from '../hooks/client.ts';
import { words } from '../words/words.ts';

/** What conversations are called, threads too. One that is no longer mine has no name. */
export function useTitles(): (id: Id) => string {
  const client = useClient();
  const rows = useObservable(client.conversations) ?? [];
  const threads = useObservable(client.followed);
  const titles = new Map(rows.map(row => [row.id, row.title]));
  return id => {
    const parent = threads.find(thread => thread.id === id)?.conversation.parent?.conversationId;
    const title = titles.get(parent ?? id);
    if (title === undefined) return words.later.elsewhere;
    return parent === undefined ? title : words.later.threadIn(title);
  };
}
