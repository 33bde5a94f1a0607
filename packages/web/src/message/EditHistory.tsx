import type { ConversationHandle, StoredMessage } from '@carpenter/client';
import { useEffect, useState } from 'react';
import { Modal } from '../parts/Modal.tsx';
import { said } from '../words/failures.ts';
import { fullTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Dialogs.module.css';
import { difference, type Piece } from './difference.ts';

interface Version {
  readonly at: string;
  readonly pieces: readonly Piece[];
}

interface Props {
  handle: ConversationHandle;
  entry: StoredMessage;
  onClose: () => void;
}

/** What a message said before, and at each change what went and what came. The latest first. */
export function EditHistory({ handle, entry, onClose }: Props) {
  const { message } = entry;
  const [versions, setVersions] = useState<readonly Version[]>();
  const [failed, setFailed] = useState<string>();
  useEffect(() => {
    let current = true;
    const read = async () => {
      const before = await handle.editHistory(message.seq);
      const texts = [...before.map(each => each.text), message.text];
      const times = [...before.map(each => each.at), message.editedAt ?? message.createdAt];
      const pieces = await Promise.all(texts.map((text, n) => difference(texts[n - 1] ?? text, text)));
      if (current)
        setVersions(pieces.map((each, n) => ({ at: times[n] ?? message.createdAt, pieces: each })).reverse());
    };
    read().catch((error: unknown) => current && setFailed(said(error)));
    return () => {
      current = false;
    };
  }, [handle, message]);
  return (
    <Modal title={words.history.title} onClose={onClose}>
      {failed && <p role="alert">{words.details.failed(failed)}</p>}
      {!versions && !failed && <p className={styles.note}>{words.app.opening}</p>}
      <ol className={styles.versions}>
        {versions?.map((version, index) => (
          <li key={version.at}>
            <time dateTime={version.at}>
              {index === versions.length - 1
                ? words.history.written(fullTime(version.at))
                : words.history.changed(fullTime(version.at))}
            </time>
            <p dir="auto">
              {version.pieces.map((piece, n) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name.
                <Changed key={n} piece={piece} />
              ))}
            </p>
          </li>
        ))}
      </ol>
    </Modal>
  );
}

function Changed({ piece }: { piece: Piece }) {
  if (piece.is === 'came') return <ins>{piece.text}</ins>;
  if (piece.is === 'went') return <del>{piece.text}</del>;
  return piece.text;
}
