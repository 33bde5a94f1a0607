import { type ReportReason, reportReason } from '@carpenter/protocol';
import { useId, useState } from 'react';
import { useClient, useObservable } from '../hooks/client.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { Modal } from '../parts/Modal.tsx';
import { showToast } from '../parts/toasts.ts';
import { words } from '../words/words.ts';
import styles from './Report.module.css';
import { reporting } from './reporting.ts';

/** What is wrong with a message: told to those who moderate there. */
export function ReportDialog() {
  const target = useObservable(reporting);
  return target && <Asking key={`${target.conversationId} ${target.seq}`} {...target} />;
}

function Asking({ conversationId, seq }: { conversationId: string; seq: number }) {
  const client = useClient();
  const name = useId();
  const [reason, setReason] = useState<ReportReason>();
  const [text, setText] = useState('');
  const [failed, attempt] = useTry();
  const { safety } = words;
  const close = () => reporting.set(undefined);
  const send = async () => {
    if (!reason || !(await attempt(() => client.report(conversationId, seq, reason, text.trim())))) return;
    close();
    showToast({ text: safety.sent });
  };
  return (
    <Modal
      title={safety.reportTitle}
      onClose={close}
      foot={
        <>
          <Button onClick={close}>{words.app.cancel}</Button>
          <Button look="main" disabled={!reason} onClick={send}>
            {safety.send}
          </Button>
        </>
      }
    >
      <p className={styles.lead}>{safety.reportLead}</p>
      <fieldset className={styles.reasons}>
        <legend>{safety.reason}</legend>
        {reportReason.options.map(option => (
          <label key={option}>
            <input type="radio" name={name} checked={reason === option} onChange={() => setReason(option)} />
            {safety.reasons[option]}
          </label>
        ))}
      </fieldset>
      <label className={styles.more}>
        {safety.more}
        <textarea
          rows={3}
          maxLength={500}
          value={text}
          placeholder={safety.moreHint}
          onChange={event => setText(event.target.value)}
        />
      </label>
      {failed && (
        <p role="alert" className={styles.failed}>
          {failed}
        </p>
      )}
    </Modal>
  );
}
