import type { Id, User } from '@carpenter/protocol';
import { useMemo } from 'react';
import { useClient, useMe, useObservable } from '../hooks/client.ts';
import { channelName, type Names } from '../markdown/names.ts';

/** What `@name` and `#name` mean to me: people known to this page, and channels I am in. */
export function useNames(): Names {
  const client = useClient();
  const me = useMe().id;
  const users = useObservable(client.users);
  const rows = useObservable(client.conversations);
  const channels = (rows ?? []).flatMap(row =>
    row.conversation.type === 'channel' ? [{ id: row.id, title: row.title, name: channelName(row.title) }] : [],
  );
  const people = useMemo(() => new Map([...users.values()].map(user => [user.username, user])), [users]);
  // The rows change with each message, the channels hardly ever.
  const key = JSON.stringify(channels);
  return useMemo(() => {
    const known: readonly { id: Id; title: string; name: string }[] = JSON.parse(key);
    const person = (username: string): User | undefined => people.get(username);
    return { me, person, channel: name => known.find(each => each.name === name.toLocaleLowerCase()) };
  }, [me, people, key]);
}
