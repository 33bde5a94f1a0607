import type { ConversationHandle, Timeline } from '@carpenter/client';
import { LogOut, Pencil, UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { Subject } from '../conversation/subject.ts';
import { useClient } from '../hooks/client.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { Face } from '../parts/Face.tsx';
import { Modal } from '../parts/Modal.tsx';
import { useGo } from '../place.ts';
import { AddPeople } from '../sidebar/begin/AddPeople.tsx';
import { dateOf } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Details.module.css';
import { Members } from './Members.tsx';
import { Rename } from './Rename.tsx';

interface Props {
  handle: ConversationHandle;
  timeline: Timeline;
  subject: Subject;
}

/** A group: its name, who is in it, the way in for others and out for oneself. */
export function GroupDetails({ handle, timeline, subject }: Props) {
  const client = useClient();
  const go = useGo();
  const [open, setOpen] = useState<'rename' | 'add' | 'leave'>();
  const [failed, attempt] = useTry();
  const { details } = words;
  // Everybody may bring somebody in; the name belongs to those who run the group.
  const manages = timeline.mine?.role === 'owner' || timeline.mine?.role === 'admin';
  const close = () => setOpen(undefined);
  const leave = async () => {
    close();
    if (await attempt(() => client.leave(subject.id))) go.instead({ at: 'list' });
  };
  return (
    <>
      <div className={styles.who}>
        <Face id={subject.faceId} name={subject.title} size={72} shape="group" />
        {open === 'rename' ? (
          <Rename
            name={subject.title}
            onDone={async name => {
              close();
              if (name !== undefined) await attempt(() => client.update(subject.id, { name }));
            }}
          />
        ) : (
          <h3>
            <bdi>{subject.title}</bdi>
          </h3>
        )}
        {timeline.conversation && <p>{details.since(dateOf(timeline.conversation.createdAt))}</p>}
        {open !== 'rename' && (
          <div className={styles.acts}>
            <Button size="small" onClick={() => setOpen('add')}>
              <UserPlus size={16} strokeWidth={1.7} aria-hidden="true" />
              {details.add}
            </Button>
            {manages && (
              <Button size="small" onClick={() => setOpen('rename')}>
                <Pencil size={16} strokeWidth={1.7} aria-hidden="true" />
                {details.rename}
              </Button>
            )}
          </div>
        )}
      </div>
      {failed && (
        <p className={styles.failed} role="alert">
          {failed}
        </p>
      )}
      <Members handle={handle} timeline={timeline} attempt={attempt} />
      <div className={styles.leave}>
        <Button onClick={() => setOpen('leave')}>
          <LogOut size={16} strokeWidth={1.7} aria-hidden="true" />
          <span className={styles.leaveName}>{details.leave(subject.title)}</span>
        </Button>
      </div>
      {open === 'add' && (
        <AddPeople
          without={new Set(timeline.members.map(member => member.userId))}
          onClose={close}
          onAdd={async ids => {
            close();
            await attempt(() => client.addMembers(subject.id, ids));
          }}
        />
      )}
      {open === 'leave' && (
        <Modal
          title={details.leaveAsk(subject.title)}
          onClose={close}
          foot={
            <>
              <Button onClick={close}>{words.app.cancel}</Button>
              <Button look="danger" onClick={leave}>
                {details.leave(subject.title)}
              </Button>
            </>
          }
        >
          <p>{details.leaveLead}</p>
        </Modal>
      )}
    </>
  );
}
