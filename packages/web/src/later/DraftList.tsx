import type { Id } from '@carpenter/protocol';
import { Trash2 } from 'lucide-react';
import { useMe, useObservable } from '../hooks/client.ts';
import { type Draft, filesOf, isWritten } from '../hooks/draft.ts';
import { draftsOf } from '../hooks/drafts.ts';
import { Face } from '../parts/Face.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { showToast } from '../parts/toasts.ts';
import { addressOf, useGo } from '../place.ts';
import { words } from '../words/words.ts';
import styles from './Later.module.css';
import { useWhere } from './useWhere.ts';

/** What is half written, on whichever of my devices: a click goes on with it. */
export function DraftList() {
  const drafts = draftsOf(useMe().id);
  const written = [...useObservable(drafts.all)].filter(([, draft]) => isWritten(draft));
  const { later } = words;
  const throwAway = (id: Id) => {
    const before = drafts.get(id);
    drafts.replace(id, { text: '' });
    showToast({ text: later.thrown, undo: () => drafts.replace(id, before) });
  };
  return (
    <section className={styles.list}>
      <h2>{later.drafts}</h2>
      {written.length === 0 && <p className={styles.empty}>{later.noDrafts}</p>}
      <ul>
        {written.map(([id, draft]) => (
          <HalfWritten key={id} id={id} draft={draft} onThrowAway={() => throwAway(id)} />
        ))}
      </ul>
    </section>
  );
}

function HalfWritten({ id, draft, onThrowAway }: { id: Id; draft: Draft; onThrowAway: () => void }) {
  const go = useGo();
  const { title, row, place } = useWhere(id);
  const files = filesOf(draft).length;
  const direct = row?.conversation.type === 'direct';
  return (
    <li className={styles.row}>
      <Face
        id={row?.peer?.id ?? row?.id ?? id}
        name={title}
        size={32}
        shape={direct ? 'person' : 'group'}
        picture={row?.conversation.pictureId}
      />
      <a
        className={styles.open}
        href={addressOf(place())}
        onClick={event => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          go.to(place());
        }}
      >
        <b>
          <bdi>{title}</bdi>
        </b>
        <span dir="auto">
          {draft.text}
          {files > 0 && <small> {words.later.files(files)}</small>}
        </span>
      </a>
      <IconButton icon={Trash2} label={words.later.throwAway} onClick={onThrowAway} />
    </li>
  );
}
