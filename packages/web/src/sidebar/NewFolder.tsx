import type { ConversationRow } from '@carpenter/client';
import { displayName } from '@carpenter/protocol';
import { useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { Modal } from '../parts/Modal.tsx';
import { words } from '../words/words.ts';

/** A folder is there as long as something is in it. */
export function NewFolder({ row, onClose }: { row: ConversationRow; onClose: () => void }) {
  const client = useClient();
  const [name, setName] = useState('');
  const [wrong, setWrong] = useState(false);
  const [failed, attempt] = useTry();
  const { keep } = words;
  const put = async () => {
    const found = displayName.safeParse(name);
    if (!found.success) return setWrong(true);
    if (await attempt(() => client.updateMine(row.id, { folder: found.data }))) onClose();
  };
  return (
    <Modal
      title={keep.newFolder}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{words.app.cancel}</Button>
          <Button look="main" onClick={put}>
            {keep.createFolder}
          </Button>
        </>
      }
    >
      <form
        onSubmit={event => {
          event.preventDefault();
          void put();
        }}
      >
        <Field
          label={keep.folderName}
          type="text"
          value={name}
          onChange={event => {
            setName(event.target.value);
            setWrong(false);
          }}
          error={wrong ? keep.folderNeedsName : failed}
        />
      </form>
    </Modal>
  );
}
