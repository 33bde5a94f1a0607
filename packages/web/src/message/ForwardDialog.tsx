import { ClientError, type ConversationHandle, type ConversationRow, type StoredMessage } from '@carpenter/client';
import { useState } from 'react';
import { begins } from '../composer/asked.ts';
import { useClient, useMe, useObservable, usePeople } from '../hooks/client.ts';
import { Face } from '../parts/Face.tsx';
import { Modal } from '../parts/Modal.tsx';
import { showToast } from '../parts/toasts.ts';
import { said } from '../words/failures.ts';
import { words } from '../words/words.ts';
import styles from './Dialogs.module.css';
import { summaryOf } from './summary.ts';

interface Props {
  handle: ConversationHandle;
  entry: StoredMessage;
  onClose: () => void;
}

/** Where a message is to be told on. */
export function ForwardDialog({ handle, entry, onClose }: Props) {
  const client = useClient();
  const me = useMe().id;
  const { nameOf } = usePeople();
  const rows = useObservable(client.conversations) ?? [];
  const [query, setQuery] = useState('');
  const [failed, setFailed] = useState<string>();
  const { message } = entry;
  const found = rows.filter(row => row.conversation.archivedAt === undefined && begins(row.title, query.trim()));
  const forward = (row: ConversationRow) => {
    try {
      client.conversation(row.id).send('', { forward: { conversationId: handle.id, seq: message.seq } });
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      return setFailed(said(error));
    }
    onClose();
    showToast({ text: words.forward.done(row.title) });
  };
  return (
    <Modal title={words.forward.title} onClose={onClose}>
      <p className={styles.what} dir="auto">
        <b>
          <bdi>{nameOf(message.sender)}</bdi>
        </b>{' '}
        {summaryOf(message, me, nameOf)}
      </p>
      <input
        type="search"
        className={styles.field}
        value={query}
        placeholder={words.forward.find}
        aria-label={words.forward.find}
        autoComplete="off"
        spellCheck={false}
        onChange={event => setQuery(event.target.value)}
      />
      <ul className={styles.people}>
        {found.slice(0, 50).map(row => (
          <li key={row.id}>
            <button type="button" onClick={() => forward(row)}>
              <Face
                id={row.peer?.id ?? row.id}
                name={row.title}
                size={32}
                shape={row.conversation.type === 'direct' ? 'person' : 'group'}
                picture={row.conversation.pictureId}
              />
              <bdi>{row.title}</bdi>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className={styles.note}>{words.list.nothingFound(query)}</p>}
      {failed && (
        <p className={styles.note} role="alert">
          {words.details.failed(failed)}
        </p>
      )}
    </Modal>
  );
}
