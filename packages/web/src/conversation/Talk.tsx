import type { Beside, ConversationHandle, StoredMessage, Timeline } from '@carpenter/client';
import type { Seq } from '@carpenter/protocol';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { EmojiPopover } from '../emoji/EmojiPopover.tsx';
import { useMe, usePeople } from '../hooks/client.ts';
import { draftsOf } from '../hooks/drafts.ts';
import { DropArea } from '../media/DropArea.tsx';
import { Dialogs, type Opened } from '../message/Dialogs.tsx';
import { attempt } from '../message/faults.ts';
import composer from './Composer.module.css';
import { Composer, type ComposerControls } from './Composer.tsx';
import styles from './ConversationPlace.module.css';
import { LiveLog } from './LiveLog.tsx';
import { type MenuTarget, MessageMenu } from './MessageMenu.tsx';
import { Skeleton } from './Rules.tsx';
import { LastSeqContext, type Room, RoomContext } from './room.ts';
import { type TimelineControls, TimelineView } from './TimelineView.tsx';
import { useReading } from './useReading.ts';
import { useUnreadLine } from './useUnreadLine.ts';
import { whyClosed } from './whyClosed.ts';

interface Props {
  handle: ConversationHandle;
  timeline: Timeline;
  /** Who is proposed behind `@`: in a thread, the people of its conversation. */
  people: Timeline;
  title: string;
  layout: Room['layout'];
  /** A message to open at. */
  openAt?: Seq | undefined;
  /** Stands at the beginning of the timeline. */
  head?: ReactNode;
  /** When that was written, ISO time. */
  beganAt?: string | undefined;
  /** Stands over the field. */
  over?: ReactNode;
  beside?: Beside | undefined;
  onSent?: (() => void) | undefined;
  openThread?: ((seq: Seq) => void) | undefined;
  addressOf: (seq: Seq) => string;
}

/** The messages of a conversation or a thread, where one writes, and all that can be done with them. */
export function Talk(props: Props) {
  const {
    handle,
    timeline,
    people,
    title,
    layout,
    openAt,
    head,
    beganAt,
    over,
    beside,
    onSent,
    openThread,
    addressOf,
  } = props;
  const me = useMe();
  const { nameOf } = usePeople();
  const [editing, setEditing] = useState(() => draftsOf(me.id).get(handle.id).edit?.seq);
  const [menu, setMenu] = useState<MenuTarget>();
  const [emoji, setEmoji] = useState<{ entry: StoredMessage; anchor: HTMLElement }>();
  const [opened, setOpened] = useState<Opened & { back: Element | null }>();
  const writer = useRef<ComposerControls>(null);
  const view = useRef<TimelineControls>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const unreadAt = useUnreadLine(timeline, me.id);
  const stopReading = useReading(handle, timeline, scroller);

  const room: Room = {
    handle,
    title,
    me: me.id,
    nameOf,
    layout,
    editing,
    edit: seq => {
      setEditing(seq);
      if (seq === undefined) writer.current?.focus();
    },
    write: text => writer.current?.write(text),
    reply: seq => writer.current?.reply(seq),
    openMenu: (item, anchor) => setMenu({ item, anchor }),
    openEmoji: (entry, anchor) => setEmoji({ entry, anchor }),
    open: what => setOpened({ ...what, back: document.activeElement }),
    jump: seq => view.current?.toMessage(seq),
    openThread,
    addressOf,
    stopReading,
  };
  const stable = useStable(room, [handle, title, nameOf, layout, editing, openThread, addressOf]);
  const editLast = () => {
    const last = timeline.messages.findLast(
      entry => entry.kind === 'stored' && entry.status !== undefined && entry.message.deletedAt === undefined,
    );
    if (last?.kind === 'stored') setEditing(last.message.seq);
  };
  const closeMenu = () => {
    setMenu(undefined);
    giveBack(menu?.anchor);
  };
  const closed = whyClosed(timeline);
  return (
    <RoomContext value={stable}>
      <DropArea onDrop={files => writer.current?.addFiles(files)}>
        {timeline.phase === 'loading' && timeline.messages.length === 0 ? (
          <div className={styles.loading}>
            <Skeleton rows={6} />
          </div>
        ) : (
          <LastSeqContext value={timeline.lastSeq}>
            <TimelineView
              ref={view}
              handle={handle}
              timeline={timeline}
              unreadAt={unreadAt}
              scroller={scroller}
              openAt={openAt}
              head={head}
              beganAt={beganAt}
            />
          </LastSeqContext>
        )}
        {closed !== undefined ? (
          <p className={composer.closed}>{closed}</p>
        ) : (
          <>
            {over}
            <Composer
              ref={writer}
              handle={handle}
              timeline={timeline}
              people={people}
              title={title}
              wide={layout !== 'bubbles'}
              beside={beside}
              onSent={() => {
                view.current?.toEnd();
                onSent?.();
              }}
              onEditLast={editLast}
            />
          </>
        )}
      </DropArea>
      <LiveLog timeline={timeline} />
      <MessageMenu target={menu} onClose={closeMenu} />
      {emoji && (
        <EmojiPopover
          anchor={emoji.anchor}
          onPick={sign => {
            const { seq } = emoji.entry.message;
            attempt(handle, seq, () => handle.react(seq, sign, true));
          }}
          onClose={() => {
            setEmoji(undefined);
            giveBack(emoji.anchor);
          }}
        />
      )}
      <Dialogs
        handle={handle}
        opened={opened}
        onClose={() => {
          setOpened(undefined);
          giveBack(opened?.back);
        }}
      />
    </RoomContext>
  );
}

/** The focus goes back to the message it was taken from, unless what was chosen took it: the field of an edit, for one. */
function giveBack(from: Element | null | undefined) {
  requestAnimationFrame(() => {
    const row = from?.closest('article') ?? from;
    if (document.activeElement === document.body && row instanceof HTMLElement) row.focus({ preventScroll: true });
  });
}

/** The same value until one of `when` changes: rows are drawn again only then. Its functions may not capture more than that. */
function useStable<T>(value: T, when: readonly unknown[]): T {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller says what it depends on.
  return useMemo(() => value, when);
}
