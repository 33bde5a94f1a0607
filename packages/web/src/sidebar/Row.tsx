import type { ConversationRow } from '@carpenter/client';
import { memo } from 'react';
import { useMe, usePeople, usePresence } from '../hooks/client.ts';
import type { Draft } from '../hooks/drafts.ts';
import { cx } from '../parts/cx.ts';
import { Face } from '../parts/Face.tsx';
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
  const spoken = words.list.spoken([
    row.title,
    direct ? presence && words.presence[presence] : words.list.group,
    unread ? words.list.unreadSpoken(row.unread) : undefined,
    'lead' in preview ? `${preview.lead} ${preview.text}` : preview.text,
    time,
  ]);
  return (
    <a
      href={addressOf({ at: 'conversation', id: row.id, details: false })}
      className={cx(styles.row, unread && styles.unread)}
      aria-current={open ? 'page' : undefined}
      aria-label={spoken}
      data-row={row.id}
      tabIndex={tabIndex}
      onClick={event => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go.to({ at: 'conversation', id: row.id, details: false });
      }}
    >
      <Face
        id={row.peer?.id ?? row.id}
        name={row.title}
        size={40}
        shape={direct ? 'person' : 'group'}
        presence={presence}
      />
      <span className={styles.name}>
        <bdi>{row.title}</bdi>
      </span>
      <time className={styles.time} dateTime={row.lastAt}>
        {time}
      </time>
      <span className={cx(styles.preview, styles[preview.kind])}>
        {preview.kind === 'message' && preview.status && <Ticks is={preview.status} />}
        <span className={styles.text} dir="auto">
          {'lead' in preview && <b>{preview.lead} </b>}
          {preview.text}
        </span>
      </span>
      {unread && <span className={styles.badge}>{words.list.unread(row.unread)}</span>}
    </a>
  );
});
