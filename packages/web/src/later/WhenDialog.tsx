import { useState } from 'react';
import { serverNow } from '../hooks/clock.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { Modal } from '../parts/Modal.tsx';
import { comingTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Later.module.css';
import { fromFields, inFields } from './presets.ts';

interface Props {
  title: string;
  /** What stands in the fields to begin with. */
  at: Date;
  /** Absent: only the time is asked for. */
  text?: string;
  save: string;
  /** @returns why it was refused */
  onSave: (at: Date, text: string) => Promise<string | undefined>;
  onClose: () => void;
}

/** A day and a time of one's own, and perhaps another text. */
export function WhenDialog({ title, at, text: given, save, onSave, onClose }: Props) {
  const [fields, setFields] = useState(inFields(at));
  const [text, setText] = useState(given ?? '');
  const [fault, setFault] = useState<string>();
  const chosen = fromFields(fields.day, fields.time);
  const { later } = words;
  const send = async () => {
    if (!chosen) return setFault(later.noTime);
    if (chosen.getTime() <= serverNow()) return setFault(later.past);
    const refused = await onSave(chosen, text);
    if (refused === undefined) onClose();
    else setFault(refused);
  };
  const change = (part: Partial<typeof fields>) => {
    setFields({ ...fields, ...part });
    setFault(undefined);
  };
  return (
    <Modal
      title={title}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{words.app.cancel}</Button>
          <Button look="main" onClick={() => void send()}>
            {save}
          </Button>
        </>
      }
    >
      {given !== undefined && (
        <label className={styles.text}>
          {later.text}
          <textarea
            rows={4}
            dir="auto"
            value={text}
            onChange={event => {
              setText(event.target.value);
              setFault(undefined);
            }}
          />
        </label>
      )}
      <div className={styles.when}>
        <Field
          label={later.day}
          type="date"
          value={fields.day}
          min={inFields(new Date(serverNow())).day}
          onChange={event => change({ day: event.target.value })}
        />
        <Field
          label={later.time}
          type="time"
          value={fields.time}
          onChange={event => change({ time: event.target.value })}
        />
      </div>
      <p className={fault ? styles.fault : styles.hint} role={fault ? 'alert' : 'status'}>
        {fault ?? (chosen && later.at(comingTime(chosen, serverNow())))}
      </p>
    </Modal>
  );
}
