import { type Conversation, type MemberRole, mayDo } from '@carpenter/protocol';
import { useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { words } from '../words/words.ts';
import { DeleteRoom } from './DeleteRoom.tsx';
import styles from './Details.module.css';

interface Props {
  conversation: Conversation;
  role: MemberRole;
  title: string;
}

/** What those who run a conversation decide for everybody; nothing for all others. */
export function RoomSettings({ conversation, role, title }: Props) {
  const client = useClient();
  const [deleting, setDeleting] = useState(false);
  const [failed, attempt] = useTry();
  const { rooms } = words;
  const { id, visibility, writers, archivedAt } = conversation;
  if (!mayDo(role, 'configure') && !mayDo(role, 'archive')) return null;
  const change = (patch: Parameters<typeof client.update>[1]) => attempt(() => client.update(id, patch));
  return (
    <section className={styles.block}>
      <h3>{rooms.settings}</h3>
      {archivedAt === undefined ? (
        <>
          <p className={styles.label}>{rooms.writers}</p>
          <Choice
            label={rooms.writers}
            value={writers ?? 'everybody'}
            options={[
              { value: 'everybody', label: rooms.everybodyWrites },
              { value: 'moderators', label: rooms.moderatorsWrite },
            ]}
            onChange={to => change({ writers: to })}
          />
          {visibility && (
            <>
              <p className={styles.label}>{rooms.visibility}</p>
              <Choice
                label={rooms.visibility}
                value={visibility}
                options={[
                  { value: 'public', label: rooms.public },
                  { value: 'private', label: rooms.private },
                ]}
                onChange={to => change({ visibility: to })}
              />
              <p className={styles.hint}>{visibility === 'public' ? rooms.publicLead : rooms.privateLead}</p>
            </>
          )}
          <div className={styles.mute}>
            <span>{rooms.archiveLead}</span>
            <Button size="small" onClick={() => change({ archived: true })}>
              {rooms.archive}
            </Button>
          </div>
        </>
      ) : (
        <div className={styles.mute}>
          <Button size="small" onClick={() => change({ archived: false })}>
            {rooms.unarchive}
          </Button>
        </div>
      )}
      {failed && (
        <p className={styles.failed} role="alert">
          {failed}
        </p>
      )}
      {mayDo(role, 'destroy') && (
        <div className={styles.mute}>
          <Button size="small" className={styles.destroy} onClick={() => setDeleting(true)}>
            {rooms.delete}
          </Button>
        </div>
      )}
      {deleting && <DeleteRoom id={id} title={title} onClose={() => setDeleting(false)} />}
    </section>
  );
}
