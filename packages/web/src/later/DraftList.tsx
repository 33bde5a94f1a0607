import { Trash2 } from 'lucide-react';
import { useClient, useMe, useObservable } from '../hooks/client.ts';
import { draftsOf } from '../hooks/drafts.ts';
import { Face } from '../parts/Face.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { showToast } from '../parts/toasts.ts';
import { addressOf, useGo } from '../place.ts';
import { words } from '../words/words.ts';
import styles from './Later.module.css';
import { useTitles } from './useTitles.ts';

/** What is half written, on whichever of my devices: a click goes on with it. */
export function DraftList() {
  const rows = useObservable(useClient().conversations) ?? [];
  const drafts = draftsOf(useMe().id);
  const all = useObservable(drafts.all);
  const titleOf = useTitles();
  const go = useGo();
  const { later } = words;
  const written = [...all].filter(([, { text }]) => text.trim() !== '');
  const throwAway = (id: string) => {
    const before = drafts.get(id);
    drafts.set(id, { text: '' });
    drafts.flush();
    const undo = () => {
      drafts.set(id, before);
      drafts.flush();
    };
    showToast({ text: later.thrown, undo });
  };
  return (
    <section className={styles.list}>
      <h2>{later.drafts}</h2>
      {written.length === 0 && <p className={styles.empty}>{later.noDrafts}</p>}
      <ul>
        {written.map(([id, { text }]) => {
          const row = rows.find(one => one.id === id);
          const place = { at: 'conversation' as const, id, details: false };
          return (
            <li key={id} className={styles.row}>
              <Face
                id={row?.peer?.id ?? id}
                name={titleOf(id)}
                size={32}
                shape={row?.conversation.type === 'direct' ? 'person' : 'group'}
              />
              <a
                className={styles.open}
                href={addressOf(place)}
                onClick={event => {
                  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
                  event.preventDefault();
                  go.to(place);
                }}
              >
                <b>
                  <bdi>{titleOf(id)}</bdi>
                </b>
                <span dir="auto">{text}</span>
              </a>
              <IconButton icon={Trash2} label={later.throwAway} onClick={() => throwAway(id)} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
