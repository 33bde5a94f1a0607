import type { Id } from '@carpenter/protocol';
import { useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Details } from '../details/Details.tsx';
import { useClient, useMe, useObservable, usePeople } from '../hooks/client.ts';
import { draftsOf } from '../hooks/drafts.ts';
import { preferences } from '../hooks/preferences.ts';
import { useMedia } from '../hooks/surroundings.ts';
import { NamesContext } from '../markdown/names.ts';
import { DropArea } from '../media/DropArea.tsx';
import composer from './Composer.module.css';
import { Composer, type ComposerControls } from './Composer.tsx';
import { ConnectionBar } from './ConnectionBar.tsx';
import styles from './ConversationPlace.module.css';
import { Header } from './Header.tsx';
import { LiveLog } from './LiveLog.tsx';
import { type MenuTarget, MessageMenu } from './MessageMenu.tsx';
import { NotHere } from './NotHere.tsx';
import { Skeleton } from './Rules.tsx';
import { type Room, RoomContext } from './room.ts';
import { useSubject } from './subject.ts';
import { type TimelineControls, TimelineView } from './TimelineView.tsx';
import { useNames } from './useNames.ts';
import { useReading } from './useReading.ts';
import { useUnreadLine } from './useUnreadLine.ts';
import { whyClosed } from './whyClosed.ts';

/** One conversation: its messages, where one writes, and beside it what there is to know about it. */
export function ConversationPlace({ id, details }: { id: Id; details: boolean }) {
  const client = useClient();
  const handle = useMemo(() => client.conversation(id), [client, id]);
  const timeline = useObservable(handle.timeline);
  const subject = useSubject(id, timeline);
  const me = useMe();
  const { nameOf } = usePeople();
  const { density } = useSyncExternalStore(preferences.subscribe, preferences.get);
  const narrow = useMedia('(max-width: 1119px)');
  const [editing, setEditing] = useState(() => draftsOf(me.id).get(id).edit?.seq);
  const [menu, setMenu] = useState<MenuTarget>();
  const writer = useRef<ComposerControls>(null);
  const view = useRef<TimelineControls>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const unreadAt = useUnreadLine(timeline, me.id);
  const names = useNames();
  const stopReading = useReading(handle, timeline, scroller);

  const edit: Room['edit'] = seq => {
    setEditing(seq);
    if (seq === undefined) writer.current?.focus();
  };
  const layout = density === 'compact' ? 'compact' : subject.direct ? 'bubbles' : 'rows';
  const room: Room = {
    handle,
    title: subject.title,
    me: me.id,
    nameOf,
    layout,
    lastSeq: timeline.lastSeq,
    editing,
    edit,
    write: text => writer.current?.write(text),
    openMenu: (item, anchor) => setMenu({ item, anchor }),
    stopReading,
  };
  const stable = useStable(room, [handle, subject.title, nameOf, layout, timeline.lastSeq, editing]);
  const editLast = () => {
    const last = timeline.messages.findLast(
      entry => entry.kind === 'stored' && entry.status !== undefined && entry.message.deletedAt === undefined,
    );
    if (last?.kind === 'stored') setEditing(last.message.seq);
  };
  const closeMenu = () => {
    setMenu(undefined);
    // Unless what was chosen took it: the field of an edit, for one.
    requestAnimationFrame(
      () => document.activeElement === document.body && menu?.anchor.focus({ preventScroll: true }),
    );
  };
  const gone = timeline.phase === 'gone';
  const closed = whyClosed(timeline);
  if (gone && timeline.messages.length === 0) return <NotHere />;
  return (
    <RoomContext value={stable}>
      <NamesContext value={names}>
        <div className={styles.place}>
          <main className={styles.main} inert={details && narrow}>
            <Header subject={subject} timeline={timeline} detailsOpen={details} />
            <ConnectionBar />
            <DropArea onDrop={files => writer.current?.addFiles(files)}>
              {timeline.phase === 'loading' && timeline.messages.length === 0 ? (
                <div className={styles.loading}>
                  <Skeleton rows={6} />
                </div>
              ) : (
                <TimelineView ref={view} handle={handle} timeline={timeline} unreadAt={unreadAt} scroller={scroller} />
              )}
              {closed !== undefined ? (
                <p className={composer.closed}>{closed}</p>
              ) : (
                <Composer
                  ref={writer}
                  handle={handle}
                  timeline={timeline}
                  title={subject.title}
                  wide={layout !== 'bubbles'}
                  onSent={() => view.current?.toEnd()}
                  onEditLast={editLast}
                />
              )}
            </DropArea>
            <LiveLog timeline={timeline} />
          </main>
          {details && <Details handle={handle} timeline={timeline} subject={subject} />}
          <MessageMenu target={menu} onClose={closeMenu} />
        </div>
      </NamesContext>
    </RoomContext>
  );
}

/** The same value until one of `when` changes: rows are drawn again only then. Its functions may not capture more than that. */
function useStable<T>(value: T, when: readonly unknown[]): T {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller says what it depends on.
  return useMemo(() => value, when);
}
