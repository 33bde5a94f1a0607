import type { Bookmark } from '@carpenter/protocol';
import { NotebookPen, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useClient, usePeople } from '../hooks/client.ts';
import { useNow } from '../hooks/clock.ts';
import { useTry } from '../hooks/useTry.ts';
import { useWhere } from '../later/useWhere.ts';
import { preview } from '../markdown/plain.ts';
import { cx } from '../parts/cx.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { showToast } from '../parts/toasts.ts';
import { addressOf, useGo } from '../place.ts';
import { longTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Bookmarks.module.css';
import { NoteBox } from './NoteBox.tsx';

/** One message to come back to: done with a tick, with a note of one's own, and the way to where it stands. */
export function BookmarkCard({ bookmark }: { bookmark: Bookmark }) {
  const { personal } = useClient();
  const go = useGo();
  const { nameOf } = usePeople();
  const now = useNow(60_000);
  const [noting, setNoting] = useState(false);
  const [failed, attempt] = useTry();
  const { conversationId, seq, note, doneAt, message } = bookmark;
  // at once, whatever time the answer takes
  const [ticked, setTicked] = useState(doneAt !== undefined);
  const { bookmarks } = words;
  const { title, row, place } = useWhere(conversationId);
  const there = place(seq);
  const direct = row?.id === conversationId && row.conversation.type === 'direct';
  const text = message.deletedAt ? words.message.deleted : preview(message.text, 600);
  const change = (how: { note?: string; done?: boolean }) => attempt(() => personal.bookmark(conversationId, seq, how));
  const tick = async (done: boolean) => {
    setTicked(done);
    if (!(await change({ done }))) setTicked(!done);
  };
  const remove = async () => {
    if (!(await attempt(() => personal.removeBookmark(conversationId, seq)))) return;
    const again = { ...(note !== undefined && { note }), done: doneAt !== undefined };
    showToast({ text: bookmarks.removed, undo: () => void change(again) });
  };
  return (
    <li className={cx(styles.card, doneAt !== undefined && styles.done)}>
      <input
        type="checkbox"
        className={styles.tick}
        aria-label={bookmarks.markDone(text.slice(0, 80))}
        checked={ticked}
        onChange={event => void tick(event.target.checked)}
      />
      <div className={styles.content}>
        <a
          href={addressOf(there)}
          onClick={event => {
            if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
            event.preventDefault();
            go.to(there);
          }}
        >
          <small>
            {bookmarks.by(nameOf(message.sender), direct ? undefined : title)} · {longTime(message.createdAt, now)}
          </small>
          <span dir="auto" className={styles.text}>
            {text}
          </span>
        </a>
        {noting ? (
          <NoteBox
            note={note ?? ''}
            onSave={async next => {
              if (await change({ note: next })) setNoting(false);
            }}
            onClose={() => setNoting(false)}
          />
        ) : (
          note && (
            <p dir="auto" className={styles.note}>
              {note}
            </p>
          )
        )}
        {failed && (
          <p role="alert" className={styles.failed}>
            {failed}
          </p>
        )}
      </div>
      <IconButton
        icon={NotebookPen}
        small
        label={note === undefined ? bookmarks.addNote : bookmarks.editNote}
        onClick={() => setNoting(true)}
      />
      <IconButton icon={Trash2} small label={bookmarks.remove} onClick={() => void remove()} />
    </li>
  );
}
