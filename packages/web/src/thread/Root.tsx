import type { ConversationHandle, StoredMessage, Timeline } from '@carpenter/client';
import type { Seq } from '@carpenter/protocol';
import { useState } from 'react';
import { MessageContent } from '../conversation/MessageContent.tsx';
import { RoomContext, useRoom } from '../conversation/room.ts';
import { useClient, useObservable } from '../hooks/client.ts';
import { Reactions } from '../message/Reactions.tsx';
import { useMessage } from '../message/useMessage.ts';
import { Face } from '../parts/Face.tsx';
import { Blocked } from '../safety/Blocked.tsx';
import { clock, fullTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './ThreadPane.module.css';

interface Props {
  parent: ConversationHandle;
  around: Timeline;
  seq: Seq;
  replies: number;
}

/** The message that a thread hangs on, at its beginning, and how many answered. */
export function Root({ parent, around, seq, replies }: Props) {
  const room = useRoom();
  const message = useMessage(parent, seq);
  const blocked = useObservable(useClient().blocked);
  const [shownAnyway, setShownAnyway] = useState(false);
  if (message === undefined || message === 'missing') return <div className={styles.root} />;
  const name = room.nameOf(message.sender);
  const held = around.messages.find(each => each.kind === 'stored' && each.message.seq === seq);
  const entry: StoredMessage = held?.kind === 'stored' ? held : { kind: 'stored', key: message.id, message };
  const mine = message.sender === room.me;
  const item = {
    kind: 'message',
    key: message.id,
    at: message.createdAt,
    entry,
    sender: message.sender,
    mine,
    first: true,
    last: true,
    state: false,
  } as const;
  const gone = message.deletedAt !== undefined;
  const hidden = blocked.has(message.sender) && !shownAnyway;
  return (
    <RoomContext value={{ ...room, handle: parent, layout: 'rows' }}>
      <div className={styles.root}>
        <Face id={message.sender} name={name} size={36} />
        <div>
          <p className={styles.head}>
            <bdi>{name}</bdi>
            {mine && <small>{words.message.mine}</small>}
            <time dateTime={message.createdAt} title={fullTime(message.createdAt)}>
              {clock(message.createdAt)}
            </time>
          </p>
          <div className={styles.text} dir="auto">
            {hidden ? (
              <Blocked onShow={() => setShownAnyway(true)} />
            ) : (
              <MessageContent item={item} text={message.text} gone={gone} />
            )}
          </div>
          {!gone && !hidden && <Reactions entry={entry} />}
        </div>
      </div>
      <p className={styles.count}>
        <span>{words.thread.replies(replies)}</span>
      </p>
    </RoomContext>
  );
}
