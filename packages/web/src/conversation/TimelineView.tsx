import type { ConversationHandle, Timeline } from '@carpenter/client';
import type { Seq } from '@carpenter/protocol';
import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useNow } from '../hooks/clock.ts';
import { preferences } from '../hooks/preferences.ts';
import { words } from '../words/words.ts';
import { actionsFor } from './actions.ts';
import { FloatingDay } from './FloatingDay.tsx';
import { type Item, itemsOf, reuse, seqOf } from './items.ts';
import { MessageRow } from './MessageRow.tsx';
import { Older } from './Older.tsx';
import { BackPill, JumpPill, NewAbovePill } from './Pills.tsx';
import { Beginning, DayLine, Skeleton, UnreadLine } from './Rules.tsx';
import { useRoom } from './room.ts';
import { SystemRow } from './SystemRow.tsx';
import styles from './TimelineView.module.css';
import { useJump } from './useJump.ts';
import { useOlder } from './useOlder.ts';
import { useTimelineScroll } from './useTimelineScroll.ts';

export interface TimelineControls {
  readonly toEnd: () => void;
  readonly toMessage: (seq: Seq) => void;
}

interface Props {
  handle: ConversationHandle;
  timeline: Timeline;
  unreadAt: Seq | undefined;
  scroller: { current: HTMLDivElement | null };
  /** Opens at this message instead of where one was or what is new. */
  openAt?: Seq | undefined;
  /** Stands at the beginning instead of the words that it is one. */
  head?: ReactNode;
  /** When that was written. */
  beganAt?: string | undefined;
  ref: Ref<TimelineControls>;
}

/** The messages of one conversation. One stop of the keyboard; arrows go from message to message. */
export function TimelineView({ handle, timeline, unreadAt, scroller, openAt, head, beganAt, ref }: Props) {
  const room = useRoom();
  const { me } = room;
  const now = useNow(60_000);
  const group = timeline.conversation !== undefined && timeline.conversation.type !== 'direct';
  const former = useRef<readonly Item[]>([]);
  const items = useMemo(() => {
    former.current = reuse(former.current, itemsOf(timeline, { me, group, unreadAt, beganAt }));
    return former.current;
  }, [timeline, me, group, unreadAt, beganAt]);
  const [focused, setFocused] = useState<string>();
  const editedKey = items.find(
    item => item.kind === 'message' && item.entry.kind === 'stored' && item.entry.message.seq === room.editing,
  )?.key;
  const pinned = [focused, editedKey].filter(key => key !== undefined);
  const view = useTimelineScroll({ handle, timeline, items, pinned, scroller });
  const { virtualizer, atEnd, scrolling, toEnd } = view;
  const jump = useJump({ handle, timeline, items, virtualizer, scroller, hold: view.hold, atEnd });
  useImperativeHandle(ref, () => ({ toEnd, toMessage: jump.to }));
  const { opened } = view;
  const { to } = jump;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another address is another jump.
  useEffect(() => {
    if (opened && openAt !== undefined) to(openAt);
  }, [opened, openAt]);
  const rows = virtualizer.getVirtualItems();
  const older = useOlder(handle, timeline, scroller, view.opened ? (rows[0]?.index ?? 0) : undefined);

  // Going up to change an old message brings it into view first.
  useEffect(() => {
    if (editedKey === undefined) return;
    document.querySelector(`[data-key="${CSS.escape(editedKey)}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [editedKey]);

  const stop = items.find(item => item.key === focused)?.key ?? items.findLast(item => item.kind === 'message')?.key;
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const row = event.target instanceof HTMLElement && event.target.matches('article') ? event.target : undefined;
    const item = items.find(each => each.key === row?.dataset.key);
    if (!row || item?.kind !== 'message' || event.altKey) return;
    const articles = [...event.currentTarget.querySelectorAll<HTMLElement>('article')];
    const at = articles.indexOf(row);
    const steps: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, PageUp: -8, PageDown: 8 };
    const step = steps[event.key];
    const take = (act: () => void) => {
      event.preventDefault();
      act();
    };
    if (step !== undefined) return take(() => articles[Math.max(0, Math.min(articles.length - 1, at + step))]?.focus());
    if (event.key === 'End' && event.ctrlKey) return take(toEnd);
    if (event.key === 'Enter' || (event.key === 'F10' && event.shiftKey) || event.key === 'ContextMenu')
      return take(() => room.openMenu(item, row));
    if (event.ctrlKey || event.metaKey) return;
    const key = event.key === 'Delete' ? 'Del' : event.key.toUpperCase();
    if (key !== 'Del' && !preferences.get().singleKeys) return;
    const action = actionsFor(item, room).find(each => each.key === key);
    if (action) take(() => action.act(row));
  };

  return (
    <div className={styles.view}>
      <div ref={scroller} className={styles.scroller} data-scrolling={scrolling || undefined} tabIndex={-1}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: it has one of two roles, and its articles the keys. */}
        {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both of its roles may be named. */}
        <div
          id={timeline.conversation?.type === 'thread' ? 'thread-messages' : 'messages'}
          // A feed without articles is none.
          role={items.some(item => item.kind === 'message' || item.kind === 'system') ? 'feed' : 'group'}
          className={styles.feed}
          style={{ height: virtualizer.getTotalSize() }}
          aria-label={words.timeline.label(room.title)}
          aria-busy={older.loading}
          onKeyDown={onKeyDown}
          onFocus={event => setFocused(event.target.closest('article')?.dataset.key)}
          onBlur={() => setFocused(undefined)}
        >
          {rows.map(row => {
            const item = items[row.index];
            return (
              item && (
                <div
                  key={row.key}
                  ref={virtualizer.measureElement}
                  data-index={row.index}
                  className={styles.place}
                  style={{ transform: `translateY(${row.start}px)` }}
                >
                  <Content item={item} stop={stop} now={now} older={older} marked={jump.marked} head={head} />
                </div>
              )
            );
          })}
        </div>
      </div>
      <FloatingDay items={items} virtualizer={virtualizer} scroller={scroller} shown={scrolling && !atEnd} now={now} />
      <NewAbovePill
        items={items}
        rows={rows}
        virtualizer={virtualizer}
        hold={view.hold}
        timeline={timeline}
        unreadAt={unreadAt}
      />
      {jump.back && <BackPill onBack={jump.back} />}
      {(!atEnd || timeline.hasNewer) && <JumpPill timeline={timeline} me={me} onJump={toEnd} />}
    </div>
  );
}

interface ContentProps {
  item: Item;
  stop: string | undefined;
  now: number;
  older: ReturnType<typeof useOlder>;
  marked: Seq | undefined;
  head: ReactNode;
}

function Content({ item, stop, now, older, marked, head }: ContentProps) {
  switch (item.kind) {
    case 'message':
      return (
        <MessageRow
          item={item}
          tabIndex={item.key === stop ? 0 : -1}
          jumped={marked !== undefined && marked === seqOf(item.entry)}
        />
      );
    case 'day':
      return <DayLine at={item.at} now={now} />;
    case 'unread':
      return <UnreadLine at={item.at} />;
    case 'system':
      return <SystemRow messages={item.messages} />;
    case 'begin':
      return head || <Beginning />;
    case 'older':
      return <Older older={older} />;
    case 'newer':
      return <Skeleton rows={2} />;
  }
}
