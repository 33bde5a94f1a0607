import { CircleAlert } from 'lucide-react';
import { useObservable } from '../hooks/client.ts';
import { faultKey, faults, forgive } from '../message/faults.ts';
import { Button } from '../parts/Button.tsx';
import { cx } from '../parts/cx.ts';
import { Ticks } from '../parts/Ticks.tsx';
import { reason } from '../words/failures.ts';
import { words } from '../words/words.ts';
import { type MessageItem, seqOf } from './items.ts';
import { deleteSoon, type PendingDelete } from './pendingDeletes.ts';
import { ReadBy } from './ReadBy.tsx';
import { useRoom } from './room.ts';
import styles from './StateLine.module.css';
import { stateWords } from './stateWords.ts';

/** What became of my message, in words, with what helps. Nothing for those that need none. */
export function StateLine({ item, pending }: { item: MessageItem; pending: PendingDelete | undefined }) {
  const { handle, layout, nameOf, write } = useRoom();
  const { entry } = item;
  const fault = useObservable(faults).get(faultKey(handle.id, seqOf(entry) ?? 0));
  const place = cx(styles.state, layout === 'bubbles' ? styles.end : styles.start, styles[layout]);

  if (pending?.is === 'failed' && entry.kind === 'stored')
    return (
      <p className={cx(place, styles.failed)} role="alert">
        <CircleAlert size={16} strokeWidth={1.7} aria-hidden="true" />
        {words.message.deleteFailed(pending.why)}
        <Act label={words.message.retry} onClick={() => deleteSoon(handle, entry.message.seq)} />
      </p>
    );
  if (fault !== undefined && entry.kind === 'stored')
    return (
      <p className={cx(place, styles.failed)} role="alert">
        <CircleAlert size={16} strokeWidth={1.7} aria-hidden="true" />
        {words.message.notDone(fault)}
        <Act label={words.app.close} onClick={() => forgive(handle.id, entry.message.seq)} />
      </p>
    );
  if (!item.state || pending) return null;
  if (entry.kind === 'unsent' && entry.status.is === 'failed')
    return (
      <p className={cx(place, styles.failed)} role="alert">
        <CircleAlert size={16} strokeWidth={1.7} aria-hidden="true" />
        {words.message.failed(reason(entry.status.because))}
        <Act label={words.message.retry} onClick={() => handle.retry(entry.clientId)} />
        <Act
          label={words.message.edit}
          onClick={() => {
            write(entry.text);
            handle.takeBack(entry.clientId);
          }}
        />
        <Act label={words.message.discard} onClick={() => handle.discard(entry.clientId)} />
      </p>
    );
  const { status } = entry;
  if (status?.is === 'read') return <ReadBy className={place} by={status.by} onDeviceOf={status.onDeviceOf} />;
  return (
    <p className={cx(place, status?.is === 'sent' && styles.late)}>
      {layout !== 'bubbles' && status && status.is !== 'queued' && <Ticks is={status.is} />}
      <span title={stateWords(item, nameOf)}>
        {status?.is === 'delivered' ? words.message.delivered : stateWords(item, nameOf)}
      </span>
    </p>
  );
}

function Act({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button look="link" className={styles.act} onClick={onClick}>
      {label}
    </Button>
  );
}
