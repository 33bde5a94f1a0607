import { Popover } from '@base-ui/react/popover';
import { type SearchFilter, type SearchQuery, searchHas, searchIs, withFilter } from '@carpenter/protocol';
import { AtSign, Calendar, File, type LucideIcon, MessageSquareText, Tag, UserRound, X } from 'lucide-react';
import { useState } from 'react';
import { useClient, useObservable, usePeople } from '../hooks/client.ts';
import { useFoundUsers } from '../hooks/useFoundUsers.ts';
import { plain } from '../palette/match.ts';
import { cx } from '../parts/cx.ts';
import { Face } from '../parts/Face.tsx';
import { words } from '../words/words.ts';
import styles from './Filters.module.css';
import { type Chip, chipsOf, without } from './query.ts';

interface Props {
  filters: SearchQuery;
  onChange: (filters: SearchQuery) => void;
}
const icons: Readonly<Record<SearchFilter, LucideIcon>> = {
  from: UserRound,
  in: MessageSquareText,
  mentions: AtSign,
  has: File,
  is: Tag,
  after: Calendar,
  before: Calendar,
  during: Calendar,
};
const offered = ['from', 'in', 'after', 'before', 'has', 'is', 'mentions'] as const;

/** What narrows the search down, as chips; each can be taken away, and others added by a small form. */
export function Filters({ filters, onChange }: Props) {
  const [open, setOpen] = useState<SearchFilter>();
  const value = useChipWords();
  return (
    <ul className={styles.chips} aria-label={words.search.filters}>
      {chipsOf(filters).map(chip => (
        <li key={`${chip.filter} ${chip.value}`}>
          <button
            type="button"
            className={cx(styles.chip, styles.set)}
            aria-label={words.search.remove(value(chip))}
            onClick={() => onChange(without(filters, chip))}
          >
            {value(chip)}
            <X size={16} strokeWidth={1.8} aria-hidden="true" />
          </button>
        </li>
      ))}
      {offered.map(filter => {
        const Icon = icons[filter];
        const add = (chosen: string) => {
          onChange(withFilter(filters, filter, [chosen]));
          setOpen(undefined);
        };
        return (
          <li key={filter}>
            <Popover.Root open={open === filter} onOpenChange={is => setOpen(is ? filter : undefined)}>
              <Popover.Trigger className={styles.chip}>
                <Icon size={16} strokeWidth={1.7} aria-hidden="true" />
                {words.search.filter[filter]}
              </Popover.Trigger>
              <Popover.Portal>
                <Popover.Positioner sideOffset={6} align="start" className={styles.layer}>
                  <Popover.Popup className={styles.form} aria-label={words.search.filter[filter]}>
                    <Form filter={filter} add={add} />
                  </Popover.Popup>
                </Popover.Positioner>
              </Popover.Portal>
            </Popover.Root>
          </li>
        );
      })}
    </ul>
  );
}

/** A chip in words: ids have names, days have dates. */
function useChipWords(): (chip: Chip) => string {
  const rows = useObservable(useClient().conversations);
  const { nameOf, of } = usePeople();
  const users = useObservable(useClient().users);
  return ({ filter, value }) => {
    const label = words.search.filter[filter];
    const what = [...searchHas, ...searchIs].find(one => one === value);
    if ((filter === 'has' || filter === 'is') && what) return words.search.chip(label, words.search.what[what]);
    if (filter === 'in') return words.search.chip(label, rows?.find(row => row.id === value)?.title ?? value);
    if (filter === 'from' || filter === 'mentions') {
      const user = of(value) ?? [...users.values()].find(one => one.username === value);
      return words.search.chip(label, value === 'me' ? words.search.me : user ? nameOf(user.id) : value);
    }
    return words.search.chip(label, value);
  };
}

function Form({ filter, add }: { filter: (typeof offered)[number]; add: (value: string) => void }) {
  switch (filter) {
    case 'from':
    case 'mentions':
      return <People add={add} />;
    case 'in':
      return <Conversations add={add} />;
    case 'has':
      return <Few values={searchHas} add={add} />;
    case 'is':
      return <Few values={searchIs} add={add} />;
    default:
      return <Day label={words.search.filter[filter]} add={add} />;
  }
}

function Few({ values, add }: { values: readonly (keyof typeof words.search.what)[]; add: (value: string) => void }) {
  return (
    <ul>
      {values.map(value => (
        <li key={value}>
          <button type="button" className={styles.option} onClick={() => add(value)}>
            {words.search.what[value]}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Day({ label, add }: { label: string; add: (value: string) => void }) {
  const [day, setDay] = useState('');
  return (
    <form
      className={styles.day}
      onSubmit={event => {
        event.preventDefault();
        if (day !== '') add(day);
      }}
    >
      <input type="date" value={day} aria-label={label} onChange={event => setDay(event.target.value)} />
      <button type="submit" disabled={day === ''}>
        {words.search.apply}
      </button>
      <button type="button" onClick={() => add('today')}>
        {words.timeline.today}
      </button>
      <button type="button" onClick={() => add('yesterday')}>
        {words.timeline.yesterday}
      </button>
    </form>
  );
}

function People({ add }: { add: (value: string) => void }) {
  const [query, setQuery] = useState('');
  const { users } = useFoundUsers(query);
  return (
    <>
      <Field query={query} onQuery={setQuery} onEnter={() => users[0] && add(users[0].username)} />
      <ul>
        {query === '' && (
          <li>
            <button type="button" className={styles.option} onClick={() => add('me')}>
              {words.search.me}
            </button>
          </li>
        )}
        {users.slice(0, 8).map(user => (
          <li key={user.id}>
            <button type="button" className={styles.option} onClick={() => add(user.username)}>
              <Face id={user.id} name={user.displayName} size={24} />
              <bdi>{user.displayName}</bdi>
              <small>@{user.username}</small>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Conversations({ add }: { add: (value: string) => void }) {
  const rows = useObservable(useClient().conversations) ?? [];
  const [query, setQuery] = useState('');
  const found = rows.filter(row => plain(row.title).includes(plain(query))).slice(0, 8);
  return (
    <>
      <Field query={query} onQuery={setQuery} onEnter={() => found[0] && add(found[0].id)} />
      <ul>
        {found.map(row => (
          <li key={row.id}>
            <button type="button" className={styles.option} onClick={() => add(row.id)}>
              <Face
                id={row.peer?.id ?? row.id}
                name={row.title}
                size={24}
                shape={row.peer ? 'person' : 'group'}
                picture={row.conversation.pictureId}
              />
              <bdi>{row.title}</bdi>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

interface FieldProps {
  query: string;
  onQuery: (query: string) => void;
  onEnter: () => void;
}
const Field = ({ query, onQuery, onEnter }: FieldProps) => (
  <input
    type="search"
    className={styles.field}
    value={query}
    placeholder={words.search.byName}
    aria-label={words.search.byName}
    autoComplete="off"
    onChange={event => onQuery(event.target.value)}
    onKeyDown={event => {
      if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
      event.preventDefault();
      onEnter();
    }}
  />
);
