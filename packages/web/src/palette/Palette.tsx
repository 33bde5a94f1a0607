import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useClient, useMe, useObservable } from '../hooks/client.ts';
import { touch } from '../hooks/surroundings.ts';
import { cx } from '../parts/cx.ts';
import { type Place, useGo } from '../place.ts';
import { hitPlace } from '../search/hitPlace.ts';
import { sentence } from '../words/failures.ts';
import { words } from '../words/words.ts';
import { actionsOf } from './actions.ts';
import type { Entry } from './entries.ts';
import styles from './Palette.module.css';
import { Lit, Sign } from './Sign.tsx';
import { noteUse } from './use.ts';
import { useSections } from './useSections.ts';

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
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<string>();
  const [failed, setFailed] = useState<string>();
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  const asked = query.replace(/^[@#>]/, '').trim();
  const { sections, looking } = useSections({
    query,
    asked,
    actions: actionsOf({ client, go, place, rows, onBegin, onShortcuts }),
  });
  const entries = sections.flatMap(section => section.entries);
  const current = entries.find(entry => entry.key === chosen) ?? entries[0];
  const idOf = (entry: Entry) => `${list}-${entry.key}`;

  // What was the first stays chosen, whatever comes above it; but for what one can always do.
  const first = current && current.kind !== 'messages' ? current.key : undefined;
  useEffect(() => {
    if (chosen === undefined && first !== undefined) setChosen(first);
  }, [chosen, first]);
  useEffect(() => {
    if (current) document.getElementById(`${list}-${current.key}`)?.scrollIntoView({ block: 'nearest' });
  }, [current, list]);

  const take = async (entry: Entry) => {
    if (!['messages', 'allFiles', 'file'].includes(entry.kind)) noteUse(me.id, entry.key);
    switch (entry.kind) {
      case 'conversation':
        onClose();
        return go.to({ at: 'conversation', id: entry.row.id, details: false });
      case 'messages':
        onClose();
        return go.to({ at: 'search', q: entry.q, sort: 'newest' });
      case 'allFiles':
        onClose();
        return go.to({ at: 'search', q: entry.q, sort: 'newest', find: 'files' });
      case 'file':
        onClose();
        return go.to(hitPlace(entry.found.message, entry.found.conversation));
      case 'channel':
        try {
          await client.join(entry.channel.id);
          onClose();
          return go.to({ at: 'conversation', id: entry.channel.id, details: false });
        } catch (error) {
          return setFailed(sentence(error));
        }
      case 'action':
        onClose();
        return entry.action.run();
      case 'person':
        try {
          const id = await client.beginDirect(entry.user.id);
          onClose();
          return go.to({ at: 'conversation', id, details: false });
        } catch (error) {
          return setFailed(sentence(error));
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
                      {hintOf(entry, entry === current)}
                    </span>
                  </div>
                ))}
              </div>
            ))}
          </div>
          <p role="status" className={styles.status} hidden={entries.length > 0 && failed === undefined}>
            {failed ?? (entries.length === 0 && !looking ? words.palette.none(query) : '')}
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
function hintOf({ kind }: Entry, isCurrent: boolean): string | false {
  if (kind === 'messages') return words.palette.ctrlEnter;
  if (kind === 'channel') return words.palette.joins;
  return isCurrent && words.palette.enter;
}
const none = { score: 0, ranges: [] };
