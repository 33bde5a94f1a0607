import type { ConversationHandle, Timeline } from '@carpenter/client';
import { mayDo } from '@carpenter/protocol';
import { Link, LogOut, Pencil, Search, UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { Subject } from '../conversation/subject.ts';
import { useClient } from '../hooks/client.ts';
import { useTry } from '../hooks/useTry.ts';
import { InviteDialog } from '../invite/InviteDialog.tsx';
import { ChoosePicture } from '../media/ChoosePicture.tsx';
import { SharedFiles } from '../media/SharedFiles.tsx';
import { Button } from '../parts/Button.tsx';
import { Face } from '../parts/Face.tsx';
import { useGo } from '../place.ts';
import { AddPeople } from '../sidebar/begin/AddPeople.tsx';
import { LeaveRoom } from '../sidebar/LeaveRoom.tsx';
import { dateOf } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Details.module.css';
import { Keeping } from './Keeping.tsx';
import { Members } from './Members.tsx';
import { Pinned } from './Pinned.tsx';
import { Rename } from './Rename.tsx';
import { RoomSettings } from './RoomSettings.tsx';
import { Topic } from './Topic.tsx';

interface Props {
  handle: ConversationHandle;
  timeline: Timeline;
  subject: Subject;
}

/** A group or channel: what it is, who is in it, the way in for others and out for oneself. */
export function GroupDetails({ handle, timeline, subject }: Props) {
  const client = useClient();
  const go = useGo();
  const [open, setOpen] = useState<'rename' | 'add' | 'invite' | 'leave'>();
  const [failed, attempt] = useTry();
  const { details, invite, rooms } = words;
  const { conversation, mine } = timeline;
  const archived = conversation?.archivedAt !== undefined;
  const may = (act: Parameters<typeof mayDo>[1]) => mine !== undefined && !archived && mayDo(mine.role, act);
  const close = () => setOpen(undefined);
  const since = {
    group: rooms.since.group,
    public: rooms.since.channel,
    private: rooms.since.privateChannel,
  }[conversation?.visibility ?? 'group'];
  return (
    <>
      <div className={styles.who}>
        <Face id={subject.faceId} name={subject.title} size={72} shape={subject.shape} picture={subject.picture} />
        {open === 'rename' ? (
          <>
            <div className={styles.acts}>
              <ChoosePicture
                chosen={subject.picture !== undefined}
                onChange={square => client.setConversationPicture(subject.id, square)}
              />
            </div>
            <Rename
              name={subject.title}
              onDone={async name => {
                close();
                if (name !== undefined) await attempt(() => client.update(subject.id, { name }));
              }}
            />
          </>
        ) : (
          <h3>
            <bdi>{subject.title}</bdi>
          </h3>
        )}
        {conversation && <p>{since(dateOf(conversation.createdAt))}</p>}
        {conversation && (
          <Topic
            topic={conversation.topic}
            mayChange={may('rename')}
            onChange={topic => attempt(() => client.update(subject.id, { topic }))}
          />
        )}
        {archived && <p className={styles.archived}>{rooms.archived}</p>}
        {open !== 'rename' && (
          <div className={styles.tiles}>
            {may('add') && (
              <button type="button" onClick={() => setOpen('add')}>
                <UserPlus size={20} strokeWidth={1.6} aria-hidden="true" />
                {details.add}
              </button>
            )}
            {may('invite') && (
              <button type="button" onClick={() => setOpen('invite')}>
                <Link size={20} strokeWidth={1.6} aria-hidden="true" />
                {invite.link}
              </button>
            )}
            <button type="button" onClick={() => go.to({ at: 'search', q: `in:${subject.id}`, sort: 'newest' })}>
              <Search size={20} strokeWidth={1.6} aria-hidden="true" />
              {details.search}
            </button>
            {may('rename') && (
              <button type="button" onClick={() => setOpen('rename')}>
                <Pencil size={20} strokeWidth={1.6} aria-hidden="true" />
                {details.edit}
              </button>
            )}
          </div>
        )}
      </div>
      {failed && (
        <p className={styles.failed} role="alert">
          {failed}
        </p>
      )}
      {conversation && mine && <Keeping id={subject.id} conversation={conversation} mine={mine} />}
      <Pinned handle={handle} timeline={timeline} />
      <Members handle={handle} timeline={timeline} attempt={attempt} />
      {conversation && mine && <RoomSettings conversation={conversation} role={mine.role} title={subject.title} />}
      <SharedFiles id={subject.id} lastSeq={timeline.lastSeq} />
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
      {open === 'invite' && mine && (
        <InviteDialog id={subject.id} title={subject.title} role={mine.role} onClose={close} />
      )}
      {open === 'leave' && <LeaveRoom id={subject.id} title={subject.title} onClose={close} />}
    </>
  );
}
