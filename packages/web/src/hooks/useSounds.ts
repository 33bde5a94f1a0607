import type { ConversationRow } from '@carpenter/client';
import type { Id } from '@carpenter/protocol';
import { useEffect, useEffectEvent } from 'react';
import type { Place } from '../place.ts';
import { attentionOf } from '../sidebar/attention.ts';
import { useClient, useMe } from './client.ts';
import { preferences } from './preferences.ts';
import { play, wakeSounds } from './sounds.ts';
import { attended } from './surroundings.ts';

/** A sound when somebody writes, never for the conversation one looks at. */
export function useSounds(place: Place): void {
  const client = useClient();
  const me = useMe();
  const looksAt = (id: Id) => attended() && place.at === 'conversation' && place.id === id;
  const hear = useEffectEvent((row: ConversationRow) => {
    const { lastMessage } = row;
    const others = lastMessage?.type === 'text' && lastMessage.sender !== me.id && !row.lastBlocked;
    const heard = others && attentionOf(row, Date.now()) === 'loud' && !looksAt(row.id);
    if (heard && preferences.get().sounds) play(row.conversation.type === 'direct' ? 'direct' : 'group');
  });
  useEffect(wakeSounds, []);
  useEffect(() => {
    // What is there when the list comes, or came while we were away, is no news.
    let known: Map<Id, number> | undefined;
    const look = () => {
      const rows = client.conversations.get();
      if (!rows) return;
      const before = known;
      known = new Map(rows.map(row => [row.id, row.lastMessage?.seq ?? 0]));
      const news = before && rows.find(row => (row.lastMessage?.seq ?? 0) > (before.get(row.id) ?? 0));
      if (news && client.connection.get().phase === 'online') hear(news);
    };
    look();
    return client.conversations.subscribe(look);
  }, [client]);
}
