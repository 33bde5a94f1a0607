import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { Fragment, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useClient, useMe, useObservable } from '../hooks/client.ts';
import { touch } from '../hooks/surroundings.ts';
import { useFoundUsers } from '../hooks/useFoundUsers.ts';
import { cx } from '../parts/cx.ts';
import { Face } from '../parts/Face.tsx';
import { type Place, useGo } from '../place.ts';
import { said } from '../words/failures.ts';
import { words } from '../words/words.ts';
import { actionsOf } from './actions.ts';
import { type Entry, sectionsOf } from './entries.ts';
import { match } from './match.ts';
import styles from './Palette.module.css';
import { noteUse, usedIn } from './use.ts';

interface Props {
  place: Place;
  onClose: () => void;
  onBegin: () => void;
  onShortcuts: () => void;
}

/** Goes anywhere and does anything by its name. What is known here shows at once; what the server adds never moves the choice. */
export function Palette({ place, onClose, onBegin, onShortcuts }: Props) {
  const client = useClient();
  const me = useMe();
  const go = useGo();
  const rows = useObservable(client.conversations) ?? [];
  const known = useObservable(client.users);
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<string>();
  const [failed, setFailed] = useState<string>();
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  const asked = query.replace(/^[@#>]/, '').trim();
  const found = useFoundUsers(/^[#>]/.test(query) || asked === '' ? undefined : asked);
  const actions = actionsOf({ client, go, place, rows, onBegin, onShortcuts });
  const local = [...known.values()].filter(user => asked !== '' && matches(user, asked));
  const users = [...local, ...found.users.filter(user => !local.some(one => one.id === user.id))];
  const sections = sectionsOf({ query, rows, users, actions, used: usedIn(me.id), me: me.id });
  const entries = sections.flatMap(section => section.entries);
  const current = entries.find(entry => entry.key === chosen) ?? entries[0];
  const idOf = (entry: Entry) => `${list}-${entry.key}`;

  useEffect(() => {
    if (current) document.getElementById(`${list}-${current.key}`)?.scrollIntoView({ block: 'nearest' });
  }, [current, list]);

  const take = async (entry: Entry) => {
    if (entry.kind !== 'messages') noteUse(me.id, entry.key);
    switch (entry.kind) {
      case 'conversation':
        onClose();
        return go.to({ at: 'conversation', id: entry.row.id, details: false });
      case 'messages':
        onClose();
        return go.to({ at: 'search', q: entry.q, sort: 'newest' });
      case 'action':
        onClose();
        return entry.action.run();
      case 'person':
        try {
          const id = await client.beginDirect(entry.user.id);
          onClose();
          return go.to({ at: 'conversation', id, details: false });
        } catch (error) {
          setFailed(said(error));
        }
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const act = (how: () => void) => {
      event.preventDefault();
      how();
    };
    const at = current ? entries.indexOf(current) : -1;
    const to = (index: number) => act(() => setChosen(entries[(index + entries.length) % entries.length]?.key));
    if (event.key === 'ArrowDown') return to(at + 1);
    if (event.key === 'ArrowUp') return to(at - 1);
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && asked !== '')
      return act(() => void take({ kind: 'messages', key: 'messages', title: '', note: '', match: none, q: asked }));
    if (event.key === 'Enter' && current) return act(() => void take(current));
  };
  return (
    <Dialog.Root open onOpenChange={open => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.scrim} />
        <Dialog.Popup className={styles.box} initialFocus={field} aria-label={words.palette.label}>
          <div className={styles.field}>
            <Search size={20} strokeWidth={1.8} aria-hidden="true" />
            <input
              ref={field}
              type="text"
              role="combobox"
              value={query}
              placeholder={words.palette.placeholder}
              aria-label={words.palette.label}
              aria-expanded="true"
              aria-controls={list}
              aria-activedescendant={current && idOf(current)}
              aria-autocomplete="list"
              autoComplete="off"
              spellCheck={false}
              onChange={event => {
                setQuery(event.target.value);
                setChosen(undefined);
                setFailed(undefined);
              }}
              onKeyDown={onKeyDown}
            />
            <Dialog.Close className={styles.esc}>{touch() ? words.app.cancel : words.palette.esc}</Dialog.Close>
          </div>
          <div id={list} role="listbox" aria-label={words.palette.label} className={styles.list}>
            {sections.map(section => (
              // biome-ignore lint/a11y/useSemanticElements: options of a list box are grouped so.
              <div key={section.title} role="group" aria-label={section.title}>
                <div className={styles.heading} aria-hidden="true">
                  {section.title}
                </div>
                {section.entries.map(entry => (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the field, which keeps the focus.
                  // biome-ignore lint/a11y/useFocusableInteractive: likewise.
                  <div
                    key={entry.key}
                    id={idOf(entry)}
                    role="option"
                    aria-selected={entry === current}
                    className={cx(styles.entry, entry === current && styles.current)}
                    onPointerMove={() => setChosen(entry.key)}
                    onClick={() => void take(entry)}
                  >
                    <Sign entry={entry} />
                    <span className={styles.name}>
                      <Lit text={entry.title} ranges={entry.match.ranges} />
                    </span>
                    <span className={styles.note}>{entry.note}</span>
                    <span className={styles.key} aria-hidden="true">
                      {entry.kind === 'messages' ? words.palette.ctrlEnter : entry === current && words.palette.enter}
                    </span>
                  </div>
                ))}
              </div>
            ))}
          </div>
          <p role="status" className={styles.status} hidden={entries.length > 0 && failed === undefined}>
            {failed ?? (entries.length === 0 && !found.looking ? words.palette.none(query) : '')}
          </p>
          <footer className={styles.foot} aria-hidden="true">
            {words.palette.help.map(({ keys, does }) => (
              <span key={does}>
                {keys.map(key => (
                  <kbd key={key}>{key}</kbd>
                ))}
                {does}
              </span>
            ))}
          </footer>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
const none = { score: 0, ranges: [] };
const matches = ({ displayName, username }: { displayName: string; username: string }, asked: string) =>
  match(asked, displayName) !== undefined || match(asked, username) !== undefined;

function Sign({ entry }: { entry: Entry }) {
  switch (entry.kind) {
    case 'conversation': {
      const { row } = entry;
      const shape = row.peer ? 'person' : row.conversation.type === 'channel' ? 'channel' : 'group';
      return <Face id={row.peer?.id ?? row.id} name={row.title} size={32} shape={shape} />;
    }
    case 'person':
      return <Face id={entry.user.id} name={entry.user.displayName} size={32} />;
    case 'action':
      return (
        <span className={styles.icon}>
          <entry.action.icon size={20} strokeWidth={1.6} aria-hidden="true" />
        </span>
      );
    case 'messages':
      return (
        <span className={styles.icon}>
          <Search size={20} strokeWidth={1.6} aria-hidden="true" />
        </span>
      );
  }
}

/** What fits what was typed, in green. */
function Lit({ text, ranges }: { text: string; ranges: Entry['match']['ranges'] }) {
  return (
    <bdi>
      {ranges.map(({ from, to }, i) => (
        <Fragment key={from}>
          {text.slice(ranges[i - 1]?.to ?? 0, from)}
          <b>{text.slice(from, to)}</b>
        </Fragment>
      ))}
      {text.slice(ranges.at(-1)?.to ?? 0)}
    </bdi>
  );
}
