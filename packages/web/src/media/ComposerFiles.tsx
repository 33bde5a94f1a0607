import { ClientError, type Upload } from '@carpenter/client';
import { Captions } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { Modal } from '../parts/Modal.tsx';
import { reason } from '../words/failures.ts';
import { words } from '../words/words.ts';
import styles from './ComposerFiles.module.css';
import { UploadTile } from './UploadTile.tsx';

/** The files that will go with what is being written. */
export function ComposerFiles({ uploads }: { uploads: readonly Upload[] }) {
  const [describing, setDescribing] = useState<string>();
  if (uploads.length === 0) return null;
  const { media } = words;
  const described = uploads.find(({ id }) => id === describing);
  return (
    <>
      <ul className={styles.files} aria-label={media.tiles}>
        {uploads.map(upload => {
          const { status } = upload;
          const shown = status.is === 'ready' && status.attachment.kind !== 'file';
          return (
            <UploadTile key={upload.id} upload={upload}>
              {shown && (
                <IconButton
                  small
                  icon={Captions}
                  label={status.attachment.alt ? media.described : media.describe}
                  aria-pressed={status.attachment.alt !== undefined}
                  onClick={() => setDescribing(upload.id)}
                />
              )}
            </UploadTile>
          );
        })}
      </ul>
      {described && <Describe upload={described} onClose={() => setDescribing(undefined)} />}
    </>
  );
}

/** What can be seen or heard in a file, for those who cannot. */
function Describe({ upload, onClose }: { upload: Upload; onClose: () => void }) {
  const client = useClient();
  const { status } = upload;
  const [text, setText] = useState(status.is === 'ready' ? (status.attachment.alt ?? '') : '');
  const [fault, setFault] = useState<string>();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await client.describeUpload(upload.id, text.trim());
      onClose();
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      setFault(reason(error));
    }
  };
  return (
    <Modal
      title={words.media.describe}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{words.app.cancel}</Button>
          <Button look="main" type="submit" form="describe">
            {words.details.save}
          </Button>
        </>
      }
    >
      <form id="describe" onSubmit={save}>
        <Field
          label={words.media.describeFile(upload.name)}
          type="text"
          maxLength={1_000}
          value={text}
          onChange={event => setText(event.target.value)}
          error={fault}
        />
      </form>
    </Modal>
  );
}
