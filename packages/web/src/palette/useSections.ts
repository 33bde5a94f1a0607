import { useClient, useMe, useObservable, usePeople } from '../hooks/client.ts';
import { useFound } from '../hooks/useFound.ts';
import { useFoundUsers } from '../hooks/useFoundUsers.ts';
import { foundFiles } from '../search/foundFiles.ts';
import { useTitles } from '../search/useTitles.ts';
import type { Action } from './actions.ts';
import { type Section, sectionsOf } from './entries.ts';
import { match } from './match.ts';
import { usedIn } from './use.ts';

/** What the palette shows: what is known here at once, and what the server finds. @param asked the query without its sign */
export function useSections({ query, asked, actions }: { query: string; asked: string; actions: readonly Action[] }): {
  sections: readonly Section[];
  looking: boolean;
} {
  const client = useClient();
  const me = useMe();
  const { nameOf } = usePeople();
  const titleOf = useTitles();
  const rows = useObservable(client.conversations) ?? [];
  const known = useObservable(client.users);
  const blocked = useObservable(client.blocked);
  const askedWithout = (signs: RegExp) => (signs.test(query) || asked === '' ? undefined : asked);
  const people = useFoundUsers(askedWithout(/^[#>]/));
  const channels = useFound(askedWithout(/^[@>]/), async q =>
    (await client.channels(q)).channels.filter(({ joined }) => !joined).map(({ conversation }) => conversation),
  );
  const files = useFound(askedWithout(/^[#@>]/), async q =>
    foundFiles(await client.search(q, { find: 'files', limit: 10 })),
  );
  const local = [...known.values()].filter(user => asked !== '' && matches(user, asked));
  const sections = sectionsOf({
    query,
    rows,
    users: [...local, ...people.users.filter(user => !local.some(one => one.id === user.id))],
    actions,
    channels: channels.found,
    files: files.found.filter(({ message }) => !blocked.has(message.sender)),
    used: usedIn(me.id),
    me: me.id,
    nameOf,
    titleOf: conversation => titleOf(conversation).title,
  });
  return { sections, looking: people.looking || channels.looking || files.looking };
}

const matches = ({ displayName, username }: { displayName: string; username: string }, asked: string) =>
  match(asked, displayName) !== undefined || match(asked, username) !== undefined;
