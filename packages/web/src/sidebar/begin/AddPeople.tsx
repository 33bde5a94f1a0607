import type { Id, User } from '@carpenter/protocol';
import { useState } from 'react';
import { Button } from '../../parts/Button.tsx';
import { Modal } from '../../parts/Modal.tsx';
import { words } from '../../words/words.ts';
import { PeoplePicker } from './PeoplePicker.tsx';

interface Props {
  /** Who is in it already. */
  without: ReadonlySet<Id>;
  onAdd: (ids: readonly Id[]) => void;
  onClose: () => void;
}

/** More people for a group. */
export function AddPeople({ without, onAdd, onClose }: Props) {
  const [chosen, setChosen] = useState<readonly User[]>([]);
  const pick = (user: User) => {
    const rest = chosen.filter(each => each.id !== user.id);
    setChosen(rest.length < chosen.length ? rest : [...chosen, user]);
  };
  return (
    <Modal
      title={words.details.add}
      onClose={onClose}
      foot={
        <Button look="main" disabled={chosen.length === 0} onClick={() => onAdd(chosen.map(user => user.id))}>
          {words.begin.add(chosen.length)}
        </Button>
      }
    >
      <PeoplePicker chosen={chosen} without={without} onPick={pick} />
    </Modal>
  );
}
