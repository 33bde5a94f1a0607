import { ClientError, type ConversationRow } from '@carpenter/client';
import type { Conversation, Id, Seq } from '@carpenter/protocol';
import { useEffect, useState } from 'react';
import { useClient, useObservable } from '../hooks/client.ts';
import type { ConversationPlace } from '../place.ts';
import { words } from '../words/words.ts';

export interface Where {
  /** Empty until it is known. */
  readonly title: string;
  /** In the list; of a thread, the conversation in which it hangs. */
  readonly row: ConversationRow | undefined;
  /** @param message  one of it, to be brought into view */
  readonly place: (message?: Seq) => ConversationPlace;
}

/** What a conversation is called, and where it is opened. Threads too: those that I do not follow are asked for. */
export function useWhere(id: Id): Where {
  const client = useClient();
  const rows = useObservable(client.conversations);
  const followed = useObservable(client.followed);
  const online = useObservable(client.connection).phase === 'online';
  const [found, setFound] = useState<Conversation | 'gone'>();
  const own = rows?.find(row => row.id === id);
  const unknown = rows !== undefined && !own && !followed.some(thread => thread.id === id) && found === undefined;
  useEffect(() => {
    if (!unknown || !online) return;
    let current = true;
    client.about(id).then(
      conversation => current && setFound(conversation),
      (error: unknown) => {
        if (!(error instanceof ClientError)) throw error;
        if (current && !error.worthRetrying) setFound('gone'); // else with the next connection
      },
    );
    return () => {
      current = false;
    };
  }, [client, id, unknown, online]);

  const asked = found === 'gone' ? undefined : found;
  const parent = (followed.find(thread => thread.id === id)?.conversation ?? asked)?.parent;
  const row = own ?? rows?.find(each => each.id === parent?.conversationId);
  const title = row ? (parent ? words.later.threadIn(row.title) : row.title) : found ? words.later.elsewhere : '';
  return {
    title,
    row,
    place: message => ({
      at: 'conversation',
      id: parent?.conversationId ?? id,
      details: false,
      ...(parent && { thread: parent.seq }),
      ...(message !== undefined && { message }),
    }),
  };
}
