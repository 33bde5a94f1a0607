import type { ThreadRow } from '@carpenter/client';
import { useState } from 'react';
import { useClient, useObservable, usePeople } from '../hooks/client.ts';
import { useNow } from '../hooks/clock.ts';
import { useSummary } from '../message/useSummary.ts';
import { Button } from '../parts/Button.tsx';
import { Face } from '../parts/Face.tsx';
import { addressOf, useGo } from '../place.ts';
import { shortTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './ListPage.module.css';
import { ListPage } from './ListPage.tsx';
import { useFirstPage } from './useFirstPage.ts';

/** The threads I follow: unread ones first, then by their last reply. */
export function Threads() {
  const client = useClient();
  const rows = useObservable(client.followed);
  const [more, setMore] = useState(true);
  const page = async () => setMore(await client.moreThreads());
  const [failed, read] = useFirstPage(page);
  const { thread } = words;
  return (
    <ListPage
      title={thread.all}
      lead={thread.allLead}
      failed={failed ? thread.failed : undefined}
      onRetry={() => read(page)}
    >
      {rows.length === 0 && !more && <p className={styles.note}>{thread.none}</p>}
      <ul className={styles.rows}>
        {rows.map(row => (
          <li key={row.id}>
            <ThreadLink row={row} />
          </li>
        ))}
      </ul>
      {more && rows.length > 0 && (
        <Button look="link" onClick={() => read(page)}>
          {thread.more}
        </Button>
      )}
    </ListPage>
  );
}

function ThreadLink({ row }: { row: ThreadRow }) {
  const { nameOf } = usePeople();
  const summaryOf = useSummary();
  const go = useGo();
  const now = useNow(60_000);
  const conversations = useObservable(useClient().conversations);
  const { root, unread, lastMessage } = row;
  const where = conversations?.find(each => each.id === root.conversationId)?.title ?? '';
  const place = { at: 'conversation', id: root.conversationId, details: false, thread: root.seq } as const;
  return (
    <a
      href={addressOf(place)}
      className={styles.row}
      data-unread={unread > 0 || undefined}
      onClick={event => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go.to(place);
      }}
    >
      <Face id={root.sender} name={nameOf(root.sender)} size={36} />
      <span className={styles.text}>
        <small>
          <bdi>{where}</bdi>
        </small>
        <span className={styles.line} dir="auto">
          <b>
            <bdi>{nameOf(root.sender)}</bdi>
          </b>{' '}
          {summaryOf(root)}
        </span>
        {lastMessage && (
          <span className={styles.last} dir="auto">
            {row.lastBlocked
              ? words.safety.blockedMessage
              : words.list.says(nameOf(lastMessage.sender), summaryOf(lastMessage))}
          </span>
        )}
      </span>
      <span className={styles.side}>
        <time dateTime={lastMessage?.createdAt}>{lastMessage && shortTime(lastMessage.createdAt, now)}</time>
        {unread > 0 && (
          <b role="img" aria-label={words.thread.unreadSpoken(unread)} data-loud={row.mentions > 0 || undefined}>
            {words.thread.unread(unread)}
          </b>
        )}
      </span>
    </a>
  );
}
