import type { Id } from '@carpenter/protocol';
import { useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { Modal } from '../parts/Modal.tsx';
import { useGo } from '../place.ts';
import { words } from '../words/words.ts';

/** Takes everything from everybody, so its name has to be typed. */
export function DeleteRoom({ id, title, onClose }: { id: Id; title: string; onClose: () => void }) {
  const client = useClient();
  const go = useGo();
  const [typed, setTyped] = useState('');
  const [failed, attempt] = useTry();
  const { rooms } = words;
  const destroy = async () => {
    if (typed.trim() !== title || !(await attempt(() => client.deleteConversation(id)))) return;
    onClose();
    go.instead({ at: 'list' });
  };
  return (
    <Modal
      title={rooms.deleteAsk(title)}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{words.app.cancel}</Button>
          <Button look="danger" disabled={typed.trim() !== title} onClick={destroy}>
            {rooms.deleteDo}
          </Button>
        </>
      }
    >
      <p>{rooms.deleteLead}</p>
      <Field
        type="text"
        label={rooms.deleteType(title)}
        value={typed}
        autoComplete="off"
        onChange={event => setTyped(event.target.value)}
        error={failed}
      />
    </Modal>
  );
}
