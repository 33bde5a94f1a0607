import { ClientError } from '@carpenter/client';
import { customStatus } from '@carpenter/protocol';
import { SmilePlus, X } from 'lucide-react';
import { useState } from 'react';
import { EmojiPopover } from '../emoji/EmojiPopover.tsx';
import { useClient, useMe } from '../hooks/client.ts';
import { serverNow, useNow } from '../hooks/clock.ts';
import { usePreferences } from '../hooks/preferences.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { Modal } from '../parts/Modal.tsx';
import { Select } from '../parts/Select.tsx';
import { reason } from '../words/failures.ts';
import { words } from '../words/words.ts';
import { type End, endOf, ends } from './ends.ts';
import styles from './Status.module.css';
import { endWords, lasting } from './statusWords.ts';

/** Says what one is doing: a text, an emoji, and when that ends. */
export function StatusDialog({ onClose }: { onClose: () => void }) {
  const client = useClient();
  const now = useNow(undefined);
  const present = lasting(useMe().status, now);
  const { weekStart } = usePreferences();
  const [text, setText] = useState(present?.text ?? '');
  const [emoji, setEmoji] = useState(present?.emoji);
  const [end, setEnd] = useState<End | 'kept'>(present?.until ? 'kept' : 'never');
  const [picking, setPicking] = useState<HTMLElement>();
  const [failed, setFailed] = useState<string>();
  const { status: say } = words;

  const attempt = async (act: () => Promise<void>) => {
    try {
      await act();
      onClose();
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      setFailed(words.details.failed(reason(error)));
    }
  };
  const save = () => {
    const until = end === 'kept' ? present?.until : endOf(end, new Date(serverNow()), weekStart)?.toISOString();
    const found = customStatus.safeParse({ text, ...(emoji && { emoji }), ...(until && { until }) });
    if (!found.success) return setFailed(found.error.issues[0]?.message);
    void attempt(() => client.personal.setStatus(found.data));
  };
  const options: { value: End | 'kept'; label: string }[] = ends.map(value => ({ value, label: say[value] }));
  if (present?.until) options.unshift({ value: 'kept', label: say.kept(endWords(present.until, now)) });
  return (
    <Modal
      title={say.title}
      onClose={onClose}
      foot={
        <>
          {present && (
            <Button onClick={() => attempt(() => client.personal.clearStatus())} className={styles.clear}>
              {say.clear}
            </Button>
          )}
          <Button onClick={onClose}>{words.app.cancel}</Button>
          <Button look="main" onClick={save}>
            {say.save}
          </Button>
        </>
      }
    >
      <div className={styles.line}>
        <button
          type="button"
          className={styles.emoji}
          aria-label={emoji ? `${say.emoji}: ${emoji}` : say.emoji}
          onClick={event => setPicking(event.currentTarget)}
        >
          {emoji ?? <SmilePlus size={20} strokeWidth={1.6} aria-hidden="true" />}
        </button>
        <Field
          type="text"
          label={say.what}
          value={text}
          maxLength={200}
          hint={say.hint}
          error={failed}
          end={
            (text !== '' || emoji !== undefined) && (
              <IconButton
                icon={X}
                small
                label={words.list.clear}
                onClick={() => {
                  setText('');
                  setEmoji(undefined);
                }}
              />
            )
          }
          onChange={event => {
            setText(event.target.value);
            setFailed(undefined);
          }}
          onKeyDown={event => event.key === 'Enter' && !event.nativeEvent.isComposing && save()}
        />
      </div>
      {text === '' && emoji === undefined && (
        <ul className={styles.suggestions}>
          {say.suggestions.map(one => (
            <li key={one.text}>
              <button
                type="button"
                onClick={() => {
                  setText(one.text);
                  setEmoji(one.emoji);
                  setEnd(one.ends);
                }}
              >
                <span aria-hidden="true">{one.emoji}</span> {one.text}
                <small>{say[one.ends]}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Select label={say.ends} value={end} options={options} onChange={setEnd} />
      {picking && <EmojiPopover anchor={picking} onPick={setEmoji} onClose={() => setPicking(undefined)} />}
    </Modal>
  );
}
