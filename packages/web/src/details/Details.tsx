import type { ConversationHandle, Timeline } from '@carpenter/client';
import { ArrowLeft, X } from 'lucide-react';
import header from '../conversation/Header.module.css';
import type { Subject } from '../conversation/subject.ts';
import { usePhone } from '../hooks/surroundings.ts';
import { SharedFiles } from '../media/SharedFiles.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { useGo } from '../place.ts';
import { words } from '../words/words.ts';
import styles from './Details.module.css';
import { GroupDetails } from './GroupDetails.tsx';
import { Keeping } from './Keeping.tsx';
import { BlockPerson, PersonDetails } from './PersonDetails.tsx';
import { Pinned } from './Pinned.tsx';

interface Props {
  handle: ConversationHandle;
  timeline: Timeline;
  subject: Subject;
}

/** The pane beside a conversation; a sheet over it where there is no room for both. */
export function Details({ handle, timeline, subject }: Props) {
  const go = useGo();
  const phone = usePhone();
  const { conversation, mine } = timeline;
  const close = () => go.up({ at: 'conversation', id: subject.id, details: false });
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the close button and Esc do the same. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the close button and Esc do the same. */}
      <div className={styles.scrim} onClick={close} />
      <aside className={styles.pane} aria-label={words.details.title}>
        <header className={styles.head}>
          {phone && <IconButton className={header.back} icon={ArrowLeft} label={words.app.back} onClick={close} />}
          <h2>{words.details.title}</h2>
          {!phone && <IconButton icon={X} label={words.app.close} keys="Escape" onClick={close} />}
        </header>
        <div className={styles.body}>
          {subject.direct ? (
            <>
              <PersonDetails subject={subject} />
              {conversation && mine && <Keeping id={subject.id} conversation={conversation} mine={mine} />}
              <Pinned handle={handle} timeline={timeline} />
              <SharedFiles id={subject.id} lastSeq={timeline.lastSeq} />
              {subject.peer !== undefined && <BlockPerson peer={subject.peer} title={subject.title} />}
            </>
          ) : (
            <GroupDetails handle={handle} timeline={timeline} subject={subject} />
          )}
        </div>
      </aside>
    </>
  );
}
