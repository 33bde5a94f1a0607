import { useEffect } from 'react';
import { useClient, useMe } from '../hooks/client.ts';
import { preferences } from '../hooks/preferences.ts';
import { play } from '../hooks/sounds.ts';
import { attended } from '../hooks/surroundings.ts';

/** Rings, for who wants it, when the server has what I wrote; in the page that I look at, not while nobody may disturb me. */
export function useSentSound(): void {
  const client = useClient();
  const { id: me } = useMe();
  useEffect(() => {
    let waiting: ReadonlySet<string> = new Set();
    const ring = () => {
      const { sounds, sentSound } = preferences.get();
      const quiet = client.presence.get().get(me)?.status === 'dnd';
      if (sounds && sentSound && !quiet && attended()) play('sent');
    };
    const look = () => {
      const before = waiting;
      const unsent = client.outbox.get().filter(({ status }) => status.is !== 'failed');
      waiting = new Set(unsent.map(({ key }) => key));
      for (const { clientId, conversationId, key } of unsent) {
        if (before.has(key)) continue;
        client
          .conversation(conversationId)
          .stored(clientId)
          .then(ring, () => {}); // one that failed says so itself
      }
    };
    look();
    return client.outbox.subscribe(look);
  }, [client, me]);
}
