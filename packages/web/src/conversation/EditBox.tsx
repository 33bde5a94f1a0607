import { ClientError } from '@carpenter/client';
import type { Seq } from '@carpenter/protocol';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { FormatBar } from '../composer/FormatBar.tsx';
import { Inked } from '../composer/Inked.tsx';
import { sends } from '../composer/sends.ts';
import { formatOf, toggleFormat } from '../composer/typing.ts';
import { draftsOf } from '../hooks/drafts.ts';
import { usePreferences } from '../hooks/preferences.ts';
import { touch } from '../hooks/surroundings.ts';
import { useGrowing } from '../hooks/useGrowing.ts';
import { Button } from '../parts/Button.tsx';
import { said } from '../words/failures.ts';
import { words } from '../words/words.ts';
import styles from './EditBox.module.css';
import { useRoom } from './room.ts';

/** My message being changed, in its place. What was changed survives as a draft until it is saved or given up. */
export function EditBox({ text: stored, seq, mayBeEmpty }: { text: string; seq: Seq; mayBeEmpty: boolean }) {
  const { handle, me, edit, layout } = useRoom();
  const drafts = draftsOf(me);
  const { sendKey } = usePreferences();
  const begun = drafts.get(handle.id).edit;
  const [text, setText] = useState(begun?.seq === seq ? begun.text : stored);
  const [failed, setFailed] = useState<string>();
  const box = useRef<HTMLTextAreaElement>(null);
  useGrowing(box, text);
  useEffect(() => {
    box.current?.focus();
    box.current?.setSelectionRange(box.current.value.length, box.current.value.length);
  }, []);

  const keep = (next: string) => {
    setText(next);
    drafts.set(handle.id, { ...drafts.get(handle.id), edit: { seq, text: next } });
  };
  const end = () => {
    const { edit: _, ...draft } = drafts.get(handle.id);
    drafts.set(handle.id, draft);
    edit(undefined);
  };
  const save = async () => {
    const next = text.trim() === '' ? '' : text;
    if ((next === '' && !mayBeEmpty) || next === stored) return end();
    try {
      await handle.edit(seq, next);
      end();
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      setFailed(words.message.editFailed(said(error)));
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    event.stopPropagation();
    const format = formatOf(event);
    if (format) {
      event.preventDefault();
      toggleFormat(event.currentTarget, format);
    }
    if (event.key === 'Escape') end();
    if (!sends(event, sendKey, touch())) return;
    event.preventDefault();
    void save();
  };
  return (
    <div className={styles.edit} data-in={layout}>
      <FormatBar field={box} />
      <Inked field={box} text={text}>
        <textarea
          ref={box}
          rows={1}
          value={text}
          dir="auto"
          aria-label={words.message.editLabel}
          onChange={event => keep(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </Inked>
      <div className={styles.acts}>
        {failed ? <p role="alert">{failed}</p> : <small>{!touch() && words.message.editHint[sendKey]}</small>}
        <Button size="small" onClick={end}>
          {words.app.cancel}
        </Button>
        <Button size="small" look="main" onClick={save}>
          {words.message.save}
        </Button>
      </div>
    </div>
  );
}
