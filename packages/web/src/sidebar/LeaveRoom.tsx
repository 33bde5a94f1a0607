import type { Id } from '@carpenter/protocol';
import { useClient } from '../hooks/client.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { Modal } from '../parts/Modal.tsx';
import { useGo, usePlace } from '../place.ts';
import { words } from '../words/words.ts';

/** Leaving cannot be undone by oneself, so it is asked. */
export function LeaveRoom({ id, title, onClose }: { id: Id; title: string; onClose: () => void }) {
  const client = useClient();
  const go = useGo();
  const place = usePlace();
  const [failed, attempt] = useTry();
  const { details } = words;
  const leave = async () => {
    if (!(await attempt(() => client.leave(id)))) return;
    onClose();
    if (place.at === 'conversation' && place.id === id) go.instead({ at: 'list' });
  };
  return (
    <Modal
      title={details.leaveAsk(title)}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{words.app.cancel}</Button>
          <Button look="danger" onClick={leave}>
            {details.leave(title)}
          </Button>
        </>
      }
    >
      <p>{details.leaveLead}</p>
      {failed && <p role="alert">{failed}</p>}
    </Modal>
  );
}
