import type { ConversationHandle, Timeline } from '@carpenter/client';
import { ArrowLeft, PanelRight, Search } from 'lucide-react';
import { useClient, useObservable, usePeople, usePresence } from '../hooks/client.ts';
import { useNow } from '../hooks/clock.ts';
import { usePhone } from '../hooks/surroundings.ts';
import { cx } from '../parts/cx.ts';
import { Face } from '../parts/Face.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { useGo } from '../place.ts';
import { words } from '../words/words.ts';
import styles from './Header.module.css';
import { PinsButton } from './PinsButton.tsx';
import { presenceWords } from './presenceWords.ts';
import type { Subject } from './subject.ts';
import { typingWords } from './TypingLine.tsx';

interface Props {
  handle: ConversationHandle;
  subject: Subject;
  timeline: Timeline;
  detailsOpen: boolean;
}

/** Who or what this conversation is, and how they are. */
export function Header({ handle, subject, timeline, detailsOpen }: Props) {
  const go = useGo();
  const phone = usePhone();
  const now = useNow(30_000);
  const { nameOf } = usePeople();
  const presence = usePresence(subject.peer);
  const all = useObservable(useClient().presence);
  const count = timeline.conversation?.memberCount ?? 0;
  const online = timeline.members.filter(member => all.get(member.userId)?.status === 'online').length;
  const members =
    timeline.membersComplete && online > 0
      ? words.header.membersOnline(count, online)
      : count > 0 && words.header.members(count);
  // On the phone there is no room under the composer.
  const typing = phone && timeline.typing.length > 0 && typingWords(timeline.typing, nameOf);
  const topic = timeline.conversation?.topic;
  const line = subject.direct ? presence && presenceWords(presence, now) : words.header.about(members || '', topic);
  const place = { at: 'conversation', id: subject.id } as const;
  return (
    <header className={styles.header}>
      {phone && (
        <IconButton
          className={styles.back}
          icon={ArrowLeft}
          label={words.header.backToList}
          onClick={() => go.up({ at: 'list' })}
        />
      )}
      <Face
        id={subject.faceId}
        name={subject.title}
        size={32}
        shape={subject.shape}
        picture={subject.picture}
        presence={presence?.status}
      />
      <div className={styles.who}>
        <h1>
          <bdi>{subject.title}</bdi>
        </h1>
        <p className={cx(typing && styles.typing)}>{typing || line}</p>
      </div>
      {timeline.phase !== 'gone' && !phone && (
        <IconButton
          icon={Search}
          label={words.palette.does.searchHere(subject.title)}
          keys="Control+F"
          onClick={() => go.to({ at: 'search', q: `in:${subject.id}`, sort: 'newest' })}
        />
      )}
      {timeline.phase !== 'gone' && <PinsButton handle={handle} timeline={timeline} />}
      {timeline.phase !== 'gone' && (
        <IconButton
          icon={PanelRight}
          label={words.header.details}
          keys="Control+."
          aria-pressed={detailsOpen}
          onClick={() => (detailsOpen ? go.up({ ...place, details: false }) : go.to({ ...place, details: true }))}
        />
      )}
    </header>
  );
}
