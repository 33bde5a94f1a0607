import type { ConversationRow } from '@carpenter/client';
import { BellOff, Ellipsis } from 'lucide-react';
import { memo, type PointerEvent, useRef } from 'react';
import { useMe, usePeople, usePresence } from '../hooks/client.ts';
import type { Draft } from '../hooks/draft.ts';
import { cx } from '../parts/cx.ts';
import { Face } from '../parts/Face.tsx';
import { Hidden } from '../parts/Hidden.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { Ticks } from '../parts/Ticks.tsx';
import { addressOf, useGo } from '../place.ts';
import { shortTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import { attentionOf, isMuted } from './attention.ts';
import { previewOf } from './preview.ts';
import styles from './Row.module.css';

interface Props {
  row: ConversationRow;
  draft: Draft | undefined;
  open: boolean;
  now: number;
  tabIndex: 0 | -1;
  onMenu: (anchor: HTMLElement) => void;
}

const holdMs = 400;

/** One conversation of the list: two lines, or one in the compact density. */
export const Row = memo(function Row({ row, draft, open, now, tabIndex, onMenu }: Props) {
  const go = useGo();
  const me = useMe();
  const { nameOf } = usePeople();
  const presence = usePresence(row.peer?.id)?.status;
  const hold = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { type } = row.conversation;
  const direct = type === 'direct';
  const preview = previewOf(row, open ? undefined : draft, me.id, nameOf);
  const time = shortTime(row.lastAt, now);
  const attention = attentionOf(row, now);
  const unread = attention !== undefined;
  const mentions = attention === 'loud' ? row.mine.mentions : 0;
  const muted = isMuted(row.mine, now);
  // Read aloud in this order: who, what kind or how they are, how much is new, the last words, when.
  const also = words.list.spoken([
    direct ? presence && words.presence[presence] : words.rooms.kinds[type],
    muted ? words.keep.mutedSpoken : undefined,
    unread ? words.list.unreadSpoken(row.unread) : undefined,
    mentions > 0 ? words.keep.mentionsSpoken(mentions) : undefined,
  ]);
  const startHold = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType !== 'touch') return;
    const link = event.currentTarget;
    hold.current = setTimeout(() => onMenu(link), holdMs);
  };
  const endHold = () => clearTimeout(hold.current);
  return (
    <>
      <a
        href={addressOf({ at: 'conversation', id: row.id, details: false })}
        className={cx(styles.row, attention === 'loud' && styles.unread, muted && styles.muted)}
        aria-current={open ? 'page' : undefined}
        data-row={row.id}
        tabIndex={tabIndex}
        onPointerDown={startHold}
        onPointerUp={endHold}
        onPointerCancel={endHold}
        onPointerMove={event => Math.abs(event.movementX) + Math.abs(event.movementY) > 3 && endHold()}
        onContextMenu={event =>
          'pointerType' in event.nativeEvent && event.nativeEvent.pointerType === 'touch' && event.preventDefault()
        }
        onKeyDown={event => {
          if (event.key !== 'ContextMenu' && !(event.shiftKey && event.key === 'F10')) return;
          event.preventDefault();
          onMenu(event.currentTarget);
        }}
        onClick={event => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          go.to({ at: 'conversation', id: row.id, details: false });
        }}
      >
        <span className={styles.face} aria-hidden="true">
          <Face
            id={row.peer?.id ?? row.id}
            name={row.title}
            size={40}
            shape={direct ? 'person' : type === 'channel' ? 'channel' : 'group'}
            presence={presence}
          />
        </span>
        <span className={styles.name}>
          <bdi>{row.title}</bdi>
          {muted && <BellOff className={styles.off} size={14} strokeWidth={1.7} aria-hidden="true" />}
          <Hidden>{also}</Hidden>
        </span>
        <span className={cx(styles.preview, styles[preview.kind])}>
          {preview.kind === 'message' && preview.status && <Ticks is={preview.status} />}
          <span className={styles.text} dir="auto">
            {'lead' in preview && <b>{preview.lead} </b>}
            {preview.text}
          </span>
        </span>
        <time className={styles.time} dateTime={row.lastAt}>
          {time}
        </time>
        {unread && (
          <span className={styles.badges} aria-hidden="true">
            {mentions > 0 && <span className={styles.badge}>{words.keep.mention}</span>}
            <span className={cx(styles.badge, attention === 'quiet' && styles.quiet)}>
              {words.list.unread(row.unread)}
            </span>
          </span>
        )}
      </a>
      <IconButton
        small
        tabIndex={-1}
        className={styles.more}
        icon={Ellipsis}
        label={words.keep.actions(row.title)}
        onClick={event => onMenu(event.currentTarget)}
      />
    </>
  );
});
