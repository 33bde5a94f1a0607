import { ClientError } from '@carpenter/client';
import type { Scheduled } from '@carpenter/protocol';
import { useState } from 'react';
import { useClient, useMe, useObservable } from '../hooks/client.ts';
import { serverNow, useNow } from '../hooks/clock.ts';
import { draftsOf } from '../hooks/drafts.ts';
import { useTry } from '../hooks/useTry.ts';
import { preview } from '../markdown/plain.ts';
import { Button } from '../parts/Button.tsx';
import { showToast } from '../parts/toasts.ts';
import { reason } from '../words/failures.ts';
import { comingTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Later.module.css';
import { useWhere } from './useWhere.ts';
import { WhenDialog } from './WhenDialog.tsx';

const hourMs = 3_600_000;

/** Messages that wait for their time, the next one first; those that could not be sent say why. */
export function ScheduledList() {
  const { personal } = useClient();
  const scheduled = useObservable(personal.scheduled);
  const [editing, setEditing] = useState<Scheduled>();
  const { later } = words;
  const save = async (at: Date, text: string) => {
    if (!editing) return;
    try {
      const another = text === editing.text ? {} : { text };
      await personal.reschedule(editing.id, { ...another, sendAt: at });
      return undefined;
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      return error.code === 'scheduled.unknown' ? later.goneOut : words.message.failed(reason(error));
    }
  };
  return (
    <section className={styles.list}>
      <h2>{later.waiting}</h2>
      {scheduled?.length === 0 && <p className={styles.empty}>{later.nothingWaits}</p>}
      <ul>
        {scheduled?.map(one => (
          <Waiting key={one.id} scheduled={one} onEdit={() => setEditing(one)} />
        ))}
      </ul>
      {editing && (
        <WhenDialog
          title={later.editTitle}
          at={new Date(Math.max(Date.parse(editing.sendAt), editing.failure ? serverNow() + hourMs : 0))}
          text={editing.text}
          save={words.settings.save}
          onSave={save}
          onClose={() => setEditing(undefined)}
        />
      )}
    </section>
  );
}

function Waiting({ scheduled, onEdit }: { scheduled: Scheduled; onEdit: () => void }) {
  const client = useClient();
  const drafts = draftsOf(useMe().id);
  const now = useNow(30_000);
  const [failed, attempt] = useTry();
  const { id, conversationId, text, sendAt, attachments = [], failure } = scheduled;
  const { later } = words;
  const { title } = useWhere(conversationId);
  const sendNow = () =>
    attempt(async () => {
      await client.personal.withdraw(id); // whoever takes it back first may send it: never both
      const { replyTo, poll, forward, alsoInParent } = scheduled;
      client.conversation(conversationId).send(text, {
        ...(replyTo !== undefined && { replyTo }),
        ...(attachments.length > 0 && { attachments }),
        ...(poll && { poll }),
        ...(forward && { forward }),
        ...(alsoInParent && { alsoInParent }),
      });
    });
  const withdraw = () =>
    attempt(async () => {
      await client.personal.withdraw(id);
      const free = drafts.get(conversationId).text === '';
      if (free && text !== '') {
        drafts.set(conversationId, { ...drafts.get(conversationId), text });
        drafts.flush();
      }
      showToast({ text: free && text !== '' ? later.withdrawn : later.withdrawnPlain });
    });
  return (
    <li className={styles.waiting}>
      <p className={styles.to}>
        <b>{later.to(title)}</b>
        {failure ? (
          <span className={styles.fault}>{later.failed(reason({ code: failure.code, words: failure.message }))}</span>
        ) : (
          <time dateTime={sendAt}>{later.at(comingTime(sendAt, now))}</time>
        )}
      </p>
      <p dir="auto" className={styles.words}>
        {preview(text, 400)}
        {attachments.length > 0 && <small> {later.files(attachments.length)}</small>}
      </p>
      {failed && (
        <p role="alert" className={styles.fault}>
          {failed}
        </p>
      )}
      <p className={styles.acts}>
        <Button size="small" onClick={onEdit}>
          {later.edit}
        </Button>
        <Button size="small" onClick={sendNow}>
          {later.sendNow}
        </Button>
        <Button size="small" onClick={withdraw}>
          {later.withdraw}
        </Button>
      </p>
    </li>
  );
}
