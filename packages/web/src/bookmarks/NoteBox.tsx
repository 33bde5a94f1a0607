import { useEffect, useRef, useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { words } from '../words/words.ts';
import styles from './Bookmarks.module.css';

const noteMax = 500;

/** A note of one's own, in place. */
export function NoteBox({
  note,
  onSave,
  onClose,
}: {
  note: string;
  onSave: (note: string) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState(note);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <form
      className={styles.noting}
      onSubmit={event => {
        event.preventDefault();
        onSave(text);
      }}
    >
      <textarea
        ref={box}
        rows={2}
        dir="auto"
        maxLength={noteMax}
        value={text}
        aria-label={words.bookmarks.note}
        onChange={event => setText(event.target.value)}
        onKeyDown={event => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Escape') onClose();
          if (event.key !== 'Enter' || event.shiftKey) return;
          event.preventDefault();
          onSave(text);
        }}
      />
      <Button type="submit" size="small" look="main">
        {words.bookmarks.saveNote}
      </Button>
      <Button size="small" onClick={onClose}>
        {words.app.cancel}
      </Button>
    </form>
  );
}
