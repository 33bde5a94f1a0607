import { ClientError } from '@carpenter/client';
import { displayName, type User } from '@carpenter/protocol';
import { useState } from 'react';
import { useClient } from '../../hooks/client.ts';
import { Button } from '../../parts/Button.tsx';
import { Choice } from '../../parts/Choice.tsx';
import { Field } from '../../parts/Field.tsx';
import { Modal } from '../../parts/Modal.tsx';
import { useGo } from '../../place.ts';
import { said } from '../../words/failures.ts';
import { words } from '../../words/words.ts';
import styles from './Begin.module.css';
import { PeoplePicker } from './PeoplePicker.tsx';

/** Write to one person, or open a group. */
export function Begin({ onClose }: { onClose: () => void }) {
  const client = useClient();
  const go = useGo();
  const [kind, setKind] = useState<'direct' | 'group'>('direct');
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly User[]>([]);
  const [fault, setFault] = useState<{ field: 'name' | 'all'; text: string }>();
  const { begin } = words;

  const open = async (make: () => Promise<string>) => {
    try {
      const id = await make();
      onClose();
      go.to({ at: 'conversation', id, details: false });
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      setFault({ field: 'all', text: words.details.failed(said(error)) });
    }
  };
  const pick = (user: User) => {
    setFault(undefined);
    if (kind === 'direct') return void open(() => client.beginDirect(user.id));
    const without = chosen.filter(each => each.id !== user.id);
    setChosen(without.length < chosen.length ? without : [...chosen, user]);
  };
  const create = () => {
    const found = displayName.safeParse(name);
    if (!found.success) return setFault({ field: 'name', text: begin.needName });
    void open(() =>
      client.beginGroup(
        found.data,
        chosen.map(user => user.id),
      ),
    );
  };
  return (
    <Modal
      title={begin.title}
      onClose={onClose}
      foot={
        kind === 'group' && (
          <>
            <p className={styles.count}>{begin.chosen(chosen.length)}</p>
            <Button look="main" onClick={create}>
              {begin.create}
            </Button>
          </>
        )
      }
    >
      <Choice
        label={begin.kind}
        value={kind}
        options={[
          { value: 'direct', label: begin.direct },
          { value: 'group', label: begin.group },
        ]}
        onChange={setKind}
      />
      {kind === 'group' && (
        <Field
          label={begin.name}
          placeholder={begin.nameHint}
          value={name}
          onChange={event => {
            setName(event.target.value);
            setFault(undefined);
          }}
          error={fault?.field === 'name' ? fault.text : undefined}
        />
      )}
      <PeoplePicker chosen={kind === 'group' ? chosen : undefined} onPick={pick} />
      {fault?.field === 'all' && (
        <p role="alert" className={styles.fault}>
          {fault.text}
        </p>
      )}
    </Modal>
  );
}
