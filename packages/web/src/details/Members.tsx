import type { ConversationHandle, Timeline } from '@carpenter/client';
import type { Member } from '@carpenter/protocol';
import { presenceWords } from '../conversation/presenceWords.ts';
import { useClient, useMe, useObservable, usePeople } from '../hooks/client.ts';
import { useNow } from '../hooks/clock.ts';
import { Button } from '../parts/Button.tsx';
import { Face } from '../parts/Face.tsx';
import { words } from '../words/words.ts';
import styles from './Details.module.css';
import { MemberMenu } from './MemberMenu.tsx';

interface Props {
  handle: ConversationHandle;
  timeline: Timeline;
  attempt: (act: () => Promise<unknown>) => Promise<boolean>;
}

/** Who is in a group: those who are here first, then by name. */
export function Members({ handle, timeline, attempt }: Props) {
  const presence = useObservable(useClient().presence);
  const me = useMe();
  const { nameOf } = usePeople();
  const now = useNow(30_000);
  const { details } = words;
  const rank = (member: Member) => ['online', 'dnd', 'away'].indexOf(presence.get(member.userId)?.status ?? '') >>> 0;
  const sorted = timeline.members.toSorted(
    (a, b) => rank(a) - rank(b) || nameOf(a.userId).localeCompare(nameOf(b.userId)),
  );
  return (
    <section className={styles.block}>
      <h3>
        {details.members}
        <span>{timeline.conversation?.memberCount}</span>
      </h3>
      <ul>
        {sorted.map(member => {
          const how = presence.get(member.userId);
          const status = how && presenceWords(how, now);
          return (
            <li key={member.userId} className={styles.member}>
              <Face id={member.userId} name={nameOf(member.userId)} size={36} presence={how?.status} />
              <span>
                <b>
                  <bdi>{nameOf(member.userId)}</bdi>
                </b>
                <small>{member.userId === me.id ? details.you(status ?? details.roles[member.role]) : status}</small>
              </span>
              {member.role !== 'member' && <span className={styles.role}>{details.roles[member.role]}</span>}
              {member.userId !== me.id && (
                <MemberMenu handle={handle} member={member} mine={timeline.mine?.role} attempt={attempt} />
              )}
            </li>
          );
        })}
      </ul>
      {!timeline.membersComplete && timeline.members.length > 0 && (
        <Button size="small" onClick={() => attempt(() => handle.loadMembers())}>
          {details.more}
        </Button>
      )}
    </section>
  );
}
