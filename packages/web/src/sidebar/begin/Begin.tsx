import { ClientError } from '@carpenter/client';
import { displayName, type User, type Visibility } from '@carpenter/protocol';
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
  const [kind, setKind] = useState<'direct' | 'group' | 'channel'>('direct');
  const [topic, setTopic] = useState('');
  const [visibility, setVisibility] = useState<Visibility>('public');
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly User[]>([]);
  const [fault, setFault] = useState<{ field: 'name' | 'all'; text: string }>();
  const { begin, rooms } = words;
  const several = kind !== 'direct';

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
    const channel = kind === 'channel';
    if (!found.success) return setFault({ field: 'name', text: channel ? rooms.channelNeedsName : begin.needName });
    const memberIds = chosen.map(user => user.id);
    const about = topic.trim();
    void open(() =>
      channel
        ? client.beginChannel({ name: found.data, ...(about && { topic: about }), visibility, memberIds })
        : client.beginGroup(found.data, memberIds),
    );
  };
  return (
    <Modal
      title={begin.title}
      onClose={onClose}
      foot={
        several && (
          <>
            <p className={styles.count}>{begin.chosen(chosen.length)}</p>
            <Button look="main" onClick={create}>
              {kind === 'channel' ? rooms.createChannel : begin.create}
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
          { value: 'channel', label: rooms.channel },
        ]}
        onChange={setKind}
      />
      {several && (
        <Field
          label={kind === 'channel' ? rooms.channelName : begin.name}
          placeholder={kind === 'channel' ? rooms.channelHint : begin.nameHint}
          value={name}
          onChange={event => {
            setName(event.target.value);
            setFault(undefined);
          }}
          error={fault?.field === 'name' ? fault.text : undefined}
        />
      )}
      {kind === 'channel' && (
        <>
          <Field
            label={rooms.topic}
            placeholder={rooms.topicHint}
            value={topic}
            maxLength={250}
            onChange={event => setTopic(event.target.value)}
          />
          <div className={styles.visibility}>
            <Choice
              label={rooms.visibility}
              value={visibility}
              options={[
                { value: 'public', label: rooms.public },
                { value: 'private', label: rooms.private },
              ]}
              onChange={setVisibility}
            />
            <p className={styles.note}>{visibility === 'public' ? rooms.publicLead : rooms.privateLead}</p>
          </div>
        </>
      )}
      <PeoplePicker chosen={several ? chosen : undefined} onPick={pick} />
      {fault?.field === 'all' && (
        <p role="alert" className={styles.fault}>
          {fault.text}
        </p>
      )}
    </Modal>
  );
}
