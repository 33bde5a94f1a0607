import type { ConversationRow } from '@carpenter/client';
import { memo } from 'react';
import { useMe, usePeople, usePresence } from '../hooks/client.ts';
import type { Draft } from '../hooks/drafts.ts';
import { cx } from '../parts/cx.ts';
import { Face } from '../parts/Face.tsx';
import { Hidden } from '../parts/Hidden.tsx';
import { Ticks } from '../parts/Ticks.tsx';
import { addressOf, useGo } from '../place.ts';
import { shortTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import { previewOf } from './preview.ts';
import styles from './Row.module.css';

interface Props {
  row: ConversationRow;
  draft: Draft | undefined;
  open: boolean;
  now: number;
  tabIndex: 0 | -1;
}

/** One conversation of the list: two lines, or one in the compact density. */
export const Row = memo(function Row({ row, draft, open, now, tabIndex }: Props) {
  const go = useGo();
  const me = useMe();
  const { nameOf } = usePeople();
  const presence = usePresence(row.peer?.id)?.status;
  const direct = row.conversation.type === 'direct';
  const preview = previewOf(row, open ? undefined : draft, me.id, nameOf);
  const time = shortTime(row.lastAt, now);
  const unread = row.unread > 0;
  // Read aloud in this order: who, what kind or how they are, how much is new, the last words, when.
  const also = words.list.spoken([
    direct ? presence && words.presence[presence] : words.list.group,
    unread ? words.list.unreadSpoken(row.unread) : undefined,
  ]);
  return (
    <a
      href={addressOf({ at: 'conversation', id: row.id, details: false })}
      className={cx(styles.row, unread && styles.unread)}
      aria-current={open ? 'page' : undefined}
      data-row={row.id}
      tabIndex={tabIndex}
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
          shape={direct ? 'person' : 'group'}
          presence={presence}
        />
      </span>
      <span className={styles.name}>
        <bdi>{row.title}</bdi>
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
        <span className={styles.badge} aria-hidden="true">
          {words.list.unread(row.unread)}
        </span>
      )}
    </a>
  );
});
