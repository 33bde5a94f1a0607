import type { Conversation, Message, SearchHit } from '@carpenter/protocol';
import { FileText, MessagesSquare, Paperclip } from 'lucide-react';
import { useState } from 'react';
import { useClient, useObservable, usePeople } from '../hooks/client.ts';
import { preview } from '../markdown/plain.ts';
import { Face } from '../parts/Face.tsx';
import { addressOf, useGo } from '../place.ts';
import { Blocked } from '../safety/Blocked.tsx';
import { sentence } from '../words/failures.ts';
import { longTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Hits.module.css';
import { hitPlace } from './hitPlace.ts';
import { Marked } from './Marked.tsx';
import { MarkedText } from './MarkedText.tsx';

interface Props {
  hit: SearchHit;
  conversation: Conversation;
  now: number;
}

/** One message that was found: a link to where it stands, and on request what stands around it. */
export function Hit({ hit: { message, highlights }, conversation, now }: Props) {
  const go = useGo();
  const client = useClient();
  const { nameOf } = usePeople();
  const [around, setAround] = useState<readonly Message[]>();
  const [failed, setFailed] = useState<string>();
  const [shownAnyway, setShownAnyway] = useState(false);
  const blocked = useObservable(client.blocked).has(message.sender);
  const place = hitPlace(message, conversation);
  const textRanges = highlights.filter(found => found.in === 'text');
  const show = async () => {
    if (around) return setAround(undefined);
    try {
      setAround(await client.around(message.conversationId, message.seq, 5));
    } catch (error) {
      setFailed(sentence(error));
    }
  };
  if (blocked && !shownAnyway) return <Blocked onShow={() => setShownAnyway(true)} />;
  const before = around?.filter(({ seq }) => seq < message.seq) ?? [];
  const after = around?.filter(({ seq }) => seq > message.seq) ?? [];
  return (
    <div className={styles.hit}>
      {before.map(one => (
        <Neighbour key={one.id} message={one} name={nameOf(one.sender)} />
      ))}
      <div className={styles.row}>
        <a
          data-hit=""
          className={styles.link}
          href={addressOf(place)}
          onClick={event => {
            if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
            event.preventDefault();
            go.to(place);
          }}
        >
          <Face id={message.sender} name={nameOf(message.sender)} size={36} />
          <span className={styles.body}>
            <span className={styles.who}>
              <b>
                <bdi>{nameOf(message.sender)}</bdi>
              </b>
              <time dateTime={message.createdAt}>{longTime(message.createdAt, now)}</time>
              {conversation.type === 'thread' && (
                <span className={styles.thread}>
                  <MessagesSquare size={14} strokeWidth={1.7} aria-hidden="true" />
                  {words.search.inThread}
                </span>
              )}
            </span>
            {message.text !== '' && (
              <span className={styles.text} dir="auto">
                <MarkedText text={message.text} ranges={textRanges} />
              </span>
            )}
            {message.poll?.options.map((option, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: answers have no other name, and never move.
              <span key={index} className={styles.file} dir="auto">
                <Marked
                  text={option.text}
                  ranges={highlights.filter(found => found.in === 'option' && found.index === index)}
                />
              </span>
            ))}
            {message.attachments?.map((file, index) => (
              <span key={file.id} className={styles.file} dir="auto">
                {file.kind === 'file' ? (
                  <FileText size={16} strokeWidth={1.7} aria-hidden="true" />
                ) : (
                  <Paperclip size={16} strokeWidth={1.7} aria-hidden="true" />
                )}
                <span>
                  <Marked
                    text={file.name}
                    ranges={highlights.filter(found => found.in === 'name' && found.index === index)}
                  />
                  {file.alt !== undefined && (
                    <small>
                      <Marked
                        text={file.alt}
                        ranges={highlights.filter(found => found.in === 'alt' && found.index === index)}
                      />
                    </small>
                  )}
                </span>
              </span>
            ))}
          </span>
        </a>
        <button type="button" className={styles.context} aria-expanded={around !== undefined} onClick={show}>
          {around ? words.search.hideContext : words.search.context}
        </button>
      </div>
      {failed !== undefined && <p role="alert">{failed}</p>}
      {after.map(one => (
        <Neighbour key={one.id} message={one} name={nameOf(one.sender)} />
      ))}
    </div>
  );
}

function Neighbour({ message, name }: { message: Message; name: string }) {
  const { text, deletedAt, attachments = [] } = message;
  if (message.type === 'system') return null;
  return (
    <p className={styles.neighbour} dir="auto">
      <b>{name}</b> {deletedAt ? words.message.deleted : preview(text) || attachments.map(file => file.name).join(', ')}
    </p>
  );
}
