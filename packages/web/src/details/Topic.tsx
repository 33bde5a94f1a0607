import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { words } from '../words/words.ts';
import styles from './Details.module.css';

interface Props {
  topic: string | undefined;
  mayChange: boolean;
  onChange: (topic: string) => Promise<boolean>;
}

/** What a conversation is about; changed in place. */
export function Topic({ topic = '', mayChange, onChange }: Props) {
  const [text, setText] = useState<string>();
  const { rooms, details } = words;
  if (text === undefined)
    return (
      <p className={styles.topic} dir="auto">
        {topic}
        {mayChange && (
          <Button look="link" aria-label={topic ? rooms.changeTopic : undefined} onClick={() => setText(topic)}>
            {topic ? <Pencil size={14} strokeWidth={1.7} aria-hidden="true" /> : rooms.addTopic}
          </Button>
        )}
      </p>
    );
  const save = async () => {
    if (text.trim() === topic || (await onChange(text.trim()))) setText(undefined);
  };
  return (
    <form
      className={styles.rename}
      onSubmit={event => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={event => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        setText(undefined);
      }}
    >
      <Field
        label={rooms.topic}
        autoFocus
        maxLength={250}
        value={text}
        placeholder={rooms.topicHint}
        onChange={event => setText(event.target.value)}
      />
      <div className={styles.acts}>
        <Button size="small" onClick={() => setText(undefined)}>
          {words.app.cancel}
        </Button>
        <Button size="small" look="main" type="submit">
          {details.save}
        </Button>
      </div>
    </form>
  );
}
