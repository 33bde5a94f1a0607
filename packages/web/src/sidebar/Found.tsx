import type { ConversationRow } from '@carpenter/client';
import type { User } from '@carpenter/protocol';
import { useState } from 'react';
import { useClient, useMe } from '../hooks/client.ts';
import { useFoundUsers } from '../hooks/useFoundUsers.ts';
import { Face } from '../parts/Face.tsx';
import { type Place, useGo } from '../place.ts';
import { said } from '../words/failures.ts';
import { words } from '../words/words.ts';
import styles from './ConversationList.module.css';
import { ConversationList } from './ConversationList.tsx';

const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();

interface Props {
  query: string;
  rows: readonly ConversationRow[];
  place: Place;
  onDone: () => void;
}

/** What the search field finds: conversations of mine at once, people as soon as the server answers. */
export function Found({ query, rows, place, onDone }: Props) {
  const client = useClient();
  const me = useMe();
  const go = useGo();
  const [failed, setFailed] = useState<string>();
  const found = useFoundUsers(query);
  const mine = rows.filter(row => plain(row.title).includes(plain(query)) || row.peer?.username.includes(plain(query)));
  const known = new Set(mine.map(row => row.peer?.id));
  const people = found.users.filter(user => user.id !== me.id && !known.has(user.id));

  const write = async (user: User) => {
    try {
      const id = await client.beginDirect(user.id);
      onDone();
      go.to({ at: 'conversation', id, details: false });
    } catch (error) {
      setFailed(said(error));
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a click on a link in it ends the search.
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click.
    <div onClick={event => event.target instanceof Element && event.target.closest('[data-row]') && onDone()}>
      {mine.length > 0 && (
        <>
          <h2 className={styles.heading}>{words.list.heading}</h2>
          <ConversationList rows={mine} place={place} />
        </>
      )}
      {people.length > 0 && (
        <>
          <h2 className={styles.heading}>{words.list.people}</h2>
          <ul>
            {people.map(user => (
              <li key={user.id}>
                <button type="button" className={styles.person} data-person onClick={() => write(user)}>
                  <Face id={user.id} name={user.displayName} size={36} />
                  <span>
                    <bdi>{user.displayName}</bdi>
                    <small>@{user.username}</small>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <p role="status" className={styles.note} hidden={mine.length + people.length > 0 && !found.failed && !failed}>
        {(failed ?? found.failed)
          ? words.list.searchFailed
          : !found.looking && mine.length + people.length === 0 && words.list.nothingFound(query)}
      </p>
    </div>
  );
}
