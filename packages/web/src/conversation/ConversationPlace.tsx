import type { Seq } from '@carpenter/protocol';
import { useCallback, useMemo } from 'react';
import { Details } from '../details/Details.tsx';
import { useClient, useObservable } from '../hooks/client.ts';
import { usePreferences } from '../hooks/preferences.ts';
import { useMedia } from '../hooks/surroundings.ts';
import { NamesContext } from '../markdown/names.ts';
import { PermissionBar } from '../notify/PermissionBar.tsx';
import { addressOf, type ConversationPlace as Place, useGo } from '../place.ts';
import { ThreadPane } from '../thread/ThreadPane.tsx';
import { FirstSteps } from '../welcome/FirstSteps.tsx';
import { StepsLine } from '../welcome/StepsLine.tsx';
import { useSteps } from '../welcome/useSteps.ts';
import { ConnectionBar } from './ConnectionBar.tsx';
import styles from './ConversationPlace.module.css';
import { Header } from './Header.tsx';
import { NoSuchMessage, NotHere } from './NotHere.tsx';
import { useSubject } from './subject.ts';
import { Talk } from './Talk.tsx';
import { useNames } from './useNames.ts';

/** With fewer messages than this the beginning of a conversation is in sight, or nearly. */
const quietBelow = 12;

/** One conversation: its messages, where one writes, and beside it a thread, or what there is to know about it. */
export function ConversationPlace({ place }: { place: Place }) {
  const { id, details, thread, message } = place;
  const client = useClient();
  const go = useGo();
  const handle = useMemo(() => client.conversation(id), [client, id]);
  const timeline = useObservable(handle.timeline);
  const subject = useSubject(id, timeline);
  const { density } = usePreferences();
  const steps = useSteps(timeline);
  const quiet = timeline.lastSeq < quietBelow;
  const narrow = useMedia('(max-width: 1119px)');
  const names = useNames();
  const layout = density === 'compact' ? 'compact' : subject.direct ? 'bubbles' : 'rows';
  const openThread = useCallback(
    (seq: Seq) => go.to({ at: 'conversation', id, details: false, thread: seq }),
    [go.to, id],
  );
  const addressOfMessage = useCallback(
    (seq: Seq) => location.origin + addressOf({ at: 'conversation', id, details: false, message: seq }),
    [id],
  );
  const asked = thread ?? message;
  if (timeline.phase === 'gone' && timeline.messages.length === 0)
    return asked === undefined ? <NotHere /> : <NoSuchMessage />;
  if (timeline.phase === 'ready' && asked !== undefined && asked > timeline.lastSeq)
    return <NoSuchMessage within={id} />;
  const covered = narrow && (details || thread !== undefined);
  return (
    <NamesContext value={names}>
      <div className={styles.place}>
        <main className={styles.main} data-talk="" inert={covered}>
          <Header handle={handle} subject={subject} timeline={timeline} detailsOpen={details} />
          <ConnectionBar />
          <PermissionBar />
          <Talk
            handle={handle}
            timeline={timeline}
            people={timeline}
            title={subject.title}
            layout={layout}
            openAt={thread === undefined ? message : undefined}
            head={steps && quiet && <FirstSteps steps={steps} id={id} />}
            over={steps && !quiet && <StepsLine steps={steps} id={id} />}
            openThread={openThread}
            addressOf={addressOfMessage}
          />
        </main>
        {thread !== undefined ? (
          <ThreadPane
            key={thread}
            parent={handle}
            around={timeline}
            subject={subject}
            seq={thread}
            openAt={message}
            compact={density === 'compact'}
          />
        ) : (
          details && <Details handle={handle} timeline={timeline} subject={subject} />
        )}
      </div>
    </NamesContext>
  );
}
