import type { ConversationRow } from '@carpenter/client';
import { Archive, ArchiveRestore, BellOff, Ellipsis, MailCheck, MailOpen } from 'lucide-react';
import { memo } from 'react';
import { useClient, useMe, usePeople, usePresence } from '../hooks/client.ts';
import type { Draft } from '../hooks/draft.ts';
import { useRail } from '../hooks/rail.ts';
import { type Pulls, useFinger } from '../hooks/useFinger.ts';
import { cx } from '../parts/cx.ts';
import { Face } from '../parts/Face.tsx';
import { Hidden } from '../parts/Hidden.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { PullSign } from '../parts/PullSign.tsx';
import { Ticks } from '../parts/Ticks.tsx';
import { showToast } from '../parts/toasts.ts';
import { addressOf, useGo } from '../place.ts';
import { shortTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import { attempt } from './attempt.ts';
import { attentionOf, isMuted } from './attention.ts';
import { previewOf } from './preview.ts';
import styles from './Row.module.css';
import { readToggle } from './readToggle.ts';

interface Props {
  row: ConversationRow;
  draft: Draft | undefined;
  open: boolean;
  now: number;
  tabIndex: 0 | -1;
  onMenu: (anchor: HTMLElement) => void;
}

/** One conversation of the list: two lines, or one in the compact density. */
export const Row = memo(function Row({ row, draft, open, now, tabIndex, onMenu }: Props) {
  const client = useClient();
  const go = useGo();
  const rail = useRail();
  const me = useMe();
  const { nameOf } = usePeople();
  const presence = usePresence(row.peer?.id)?.status;
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
  const pulls = (): Pulls => {
    const { keep } = words;
    const toggle = readToggle(client, row);
    const archived = row.mine.archived === true;
    const archive = (is: boolean) => attempt(() => client.updateMine(row.id, { archived: is }));
    return {
      toEnd: toggle && {
        icon: toggle.unread ? MailCheck : MailOpen,
        label: toggle.unread ? keep.markRead : keep.markUnread,
        act: () => void attempt(toggle.act),
      },
      toStart: {
        icon: archived ? ArchiveRestore : Archive,
        label: archived ? keep.unarchive : keep.archive,
        act() {
          void archive(!archived);
          const undo = () => void archive(archived);
          showToast({ text: archived ? keep.unarchived(row.title) : keep.archived(row.title), undo });
        },
      },
    };
  };
  const { pulled, handlers } = useFinger<HTMLAnchorElement>({ hold: onMenu, pulls });
  return (
    <>
      <PullSign pulled={pulled} wide />
      <a
        href={addressOf({ at: 'conversation', id: row.id, details: false })}
        className={cx(styles.row, attention === 'loud' && styles.unread, muted && styles.muted)}
        aria-current={open ? 'page' : undefined}
        data-row={row.id}
        title={rail ? row.title : undefined}
        tabIndex={tabIndex}
        {...handlers}
        data-pulled={pulled?.to}
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
            picture={row.conversation.pictureId}
            presence={presence}
          />
        </span>
        <span className={styles.name} data-beside>
          <bdi>{row.title}</bdi>
          {muted && <BellOff className={styles.off} size={14} strokeWidth={1.7} aria-hidden="true" />}
          <Hidden>{also}</Hidden>
        </span>
        <span className={cx(styles.preview, styles[preview.kind])} data-beside>
          {preview.kind === 'message' && preview.status && <Ticks is={preview.status} />}
          <span className={styles.text} dir={preview.kind === 'system' ? undefined : 'auto'}>
            {'lead' in preview && <b>{preview.lead} </b>}
            {preview.text}
          </span>
        </span>
        <time className={styles.time} dateTime={row.lastAt} data-beside>
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
