import type { Id, User } from '@carpenter/protocol';
import { Check, Search, X } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useMe } from '../../hooks/client.ts';
import { useFoundUsers } from '../../hooks/useFoundUsers.ts';
import { Face } from '../../parts/Face.tsx';
import { words } from '../../words/words.ts';
import { moveFocus } from '../moveFocus.ts';
import styles from './Begin.module.css';

interface Props {
  /** Several may be chosen; `undefined`: a click is the choice. */
  chosen: readonly User[] | undefined;
  without?: ReadonlySet<Id>;
  onPick: (user: User) => void;
}

/** Finds people by name and lets one choose among them. */
export function PeoplePicker({ chosen, without, onPick }: Props) {
  const me = useMe();
  const [query, setQuery] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const found = useFoundUsers(query.trim());
  const people = found.users.filter(user => user.id !== me.id);
  const { begin } = words;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key.length === 1 || event.nativeEvent.isComposing) return;
    const entries = [...(list.current?.querySelectorAll<HTMLElement>('button:enabled') ?? [])];
    if (moveFocus(entries, event.key, entry => entry.textContent ?? '')) event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows go from the field into the list below it.
    <div onKeyDown={onKeyDown}>
      {chosen && chosen.length > 0 && (
        <ul className={styles.chips}>
          {chosen.map(user => (
            <li key={user.id}>
              <button type="button" aria-label={begin.remove(user.displayName)} onClick={() => onPick(user)}>
                <bdi>{user.displayName}</bdi>
                <X size={14} strokeWidth={1.8} aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <search className={styles.search}>
        <Search size={16} strokeWidth={1.7} aria-hidden="true" />
        <input
          type="search"
          value={query}
          placeholder={begin.find}
          aria-label={begin.find}
          autoComplete="off"
          spellCheck={false}
          onChange={event => setQuery(event.target.value)}
        />
      </search>
      <ul ref={list} className={styles.people}>
        {people.map(user => {
          const inAlready = without?.has(user.id) ?? false;
          const on = chosen?.some(each => each.id === user.id) ?? false;
          return (
            <li key={user.id}>
              <button
                type="button"
                disabled={inAlready}
                aria-pressed={chosen ? on : undefined}
                onClick={() => onPick(user)}
              >
                <Face id={user.id} name={user.displayName} size={36} />
                <span>
                  <b>
                    <bdi>{user.displayName}</bdi>
                  </b>
                  <small>{inAlready ? begin.inAlready : words.details.person(user.username)}</small>
                </span>
                {on && <Check size={18} strokeWidth={2} aria-hidden="true" />}
              </button>
            </li>
          );
        })}
      </ul>
      <p role="status" className={styles.note}>
        {found.failed
          ? words.list.searchFailed
          : people.length === 0 && !found.looking && (query.trim() === '' ? begin.nobody : begin.noMatch(query.trim()))}
      </p>
    </div>
  );
}
