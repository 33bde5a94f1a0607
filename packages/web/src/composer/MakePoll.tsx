import { ClientError, type ConversationHandle } from '@carpenter/client';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { Modal } from '../parts/Modal.tsx';
import { said } from '../words/failures.ts';
import { words } from '../words/words.ts';
import styles from './MakePoll.module.css';

const optionsMin = 2;
const optionsMax = 10;

interface Props {
  handle: ConversationHandle;
  onClose: () => void;
  onSent: () => void;
}

/** A question and its answers. An empty field for one more is always there, up to ten. */
export function MakePoll({ handle, onClose, onSent }: Props) {
  const form = useId();
  const [question, setQuestion] = useState('');
  const [options, setOptions] = useState<readonly string[]>(['', '']);
  const [multiple, setMultiple] = useState(false);
  const [fault, setFault] = useState<string>();
  const change = (at: number, text: string) => {
    const next = options.map((option, index) => (index === at ? text : option));
    setOptions(next.length < optionsMax && next.every(option => option.trim() !== '') ? [...next, ''] : next);
    setFault(undefined);
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    const given = options.map(option => option.trim()).filter(option => option !== '');
    if (question.trim() === '') return setFault(words.poll.needQuestion);
    if (given.length < optionsMin) return setFault(words.poll.needOptions);
    if (new Set(given).size < given.length) return setFault(words.poll.sameOptions);
    try {
      handle.send(question.trim(), { poll: { options: given, multiple } });
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      return setFault(words.details.failed(said(error)));
    }
    onClose();
    onSent();
  };
  return (
    <Modal
      title={words.poll.make}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{words.app.cancel}</Button>
          <Button look="main" type="submit" form={form}>
            {words.poll.ask}
          </Button>
        </>
      }
    >
      <form id={form} className={styles.form} onSubmit={send}>
        <input
          type="text"
          className={styles.field}
          value={question}
          placeholder={words.poll.question}
          aria-label={words.poll.question}
          onChange={event => {
            setQuestion(event.target.value);
            setFault(undefined);
          }}
        />
        {options.map((option, at) => (
          <input
            // biome-ignore lint/suspicious/noArrayIndexKey: answers are known by their place.
            key={at}
            type="text"
            className={styles.field}
            value={option}
            maxLength={200}
            placeholder={words.poll.option(at + 1)}
            aria-label={words.poll.option(at + 1)}
            onChange={event => change(at, event.target.value)}
          />
        ))}
        <label className={styles.check}>
          <input type="checkbox" checked={multiple} onChange={event => setMultiple(event.target.checked)} />
          {words.poll.multiple}
        </label>
        {fault && (
          <p role="alert" className={styles.fault}>
            {fault}
          </p>
        )}
      </form>
    </Modal>
  );
}
