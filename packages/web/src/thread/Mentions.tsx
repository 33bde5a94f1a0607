import type { Message } from '@carpenter/protocol';
import { useState } from 'react';
import { useClient, usePeople } from '../hooks/client.ts';
import { useNow } from '../hooks/clock.ts';
import { useWhere } from '../later/useWhere.ts';
import { useSummary } from '../message/useSummary.ts';
import { Button } from '../parts/Button.tsx';
import { Face } from '../parts/Face.tsx';
import { addressOf, useGo } from '../place.ts';
import { shortTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './ListPage.module.css';
import { ListPage } from './ListPage.tsx';
import { useFirstPage } from './useFirstPage.ts';

/** Messages that mention me, latest first. */
export function Mentions() {
  const client = useClient();
  const [messages, setMessages] = useState<readonly Message[]>();
  const [next, setNext] = useState<string>();
  const page = (cursor?: string) => async () => {
    const found = await client.mentions(cursor);
    setNext(found.next);
    setMessages(before => (cursor === undefined ? found.messages : [...(before ?? []), ...found.messages]));
  };
  const [failed, read] = useFirstPage(page());
  const { thread } = words;
  return (
    <ListPage
      title={thread.mentions}
      lead={thread.mentionsLead}
      failed={failed ? thread.mentionsFailed : undefined}
      onRetry={() => read(page())}
    >
      {messages?.length === 0 && <p className={styles.note}>{thread.noMentions}</p>}
      <ul className={styles.rows}>
        {messages?.map(message => (
          <li key={message.id}>
            <MentionLink message={message} />
          </li>
        ))}
      </ul>
      {next !== undefined && (
        <Button look="link" onClick={() => read(page(next))}>
          {thread.moreMentions}
        </Button>
      )}
    </ListPage>
  );
}

function MentionLink({ message }: { message: Message }) {
  const { nameOf } = usePeople();
  const summaryOf = useSummary();
  const go = useGo();
  const now = useNow(60_000);
  const where = useWhere(message.conversationId);
  const place = where.place(message.seq);
  return (
    <a
      href={addressOf(place)}
      className={styles.row}
      onClick={event => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go.to(place);
      }}
    >
      <Face id={message.sender} name={nameOf(message.sender)} size={36} />
      <span className={styles.text}>
        <small>
          <bdi>{where.title || words.thread.title}</bdi>
        </small>
        <span className={styles.line} dir="auto">
          <b>
            <bdi>{nameOf(message.sender)}</bdi>
          </b>{' '}
          {summaryOf(message)}
        </span>
      </span>
      <span className={styles.side}>
        <time dateTime={message.createdAt}>{shortTime(message.createdAt, now)}</time>
      </span>
    </a>
  );
}
