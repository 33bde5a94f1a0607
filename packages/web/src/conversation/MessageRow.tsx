import type { TimelineMessage } from '@carpenter/client';
import type { Id, Message } from '@carpenter/protocol';
import { type ComponentProps, memo, useContext, useState } from 'react';
import { useClient, useObservable } from '../hooks/client.ts';
import { useFinger } from '../hooks/useFinger.ts';
import { TabStopContext } from '../markdown/names.ts';
import { plainText } from '../markdown/plain.ts';
import { spokenFiles } from '../media/fileWords.ts';
import { FromThread } from '../message/FromThread.tsx';
import { summaryOf } from '../message/summary.ts';
import { cx } from '../parts/cx.ts';
import { PullSign } from '../parts/PullSign.tsx';
import { Blocked } from '../safety/Blocked.tsx';
import { clock } from '../words/times.ts';
import { words } from '../words/words.ts';
import { ActionBar } from './ActionBar.tsx';
import { actionsFor } from './actions.ts';
import { Bubble } from './Bubble.tsx';
import { CompactLine } from './CompactLine.tsx';
import { EditBox } from './EditBox.tsx';
import { type MessageItem, seqOf, textOf } from './items.ts';
import styles from './MessageRow.module.css';
import { PersonLine } from './PersonLine.tsx';
import { deleteKey, pendingDeletes } from './pendingDeletes.ts';
import { LastSeqContext, useRoom } from './room.ts';
import { StateLine } from './StateLine.tsx';
import { stateWords } from './stateWords.ts';
import { Under } from './Under.tsx';

interface Props {
  item: MessageItem;
  tabIndex: 0 | -1;
  /** One has just been brought here. */
  jumped: boolean;
}

/** One message: what it says, how far it has come, and what can be done with it. */
export const MessageRow = memo(function MessageRow({ item, tabIndex, jumped }: Props) {
  const room = useRoom();
  const { entry, mine } = item;
  const seq = seqOf(entry);
  const [pointed, setPointed] = useState(false);
  const [shownAnyway, setShownAnyway] = useState(false);
  const pending = useObservable(pendingDeletes).get(seq === undefined ? '' : deleteKey(room.handle.id, seq));
  const gone = pending?.is === 'waiting' || (entry.kind === 'stored' && entry.message.deletedAt !== undefined);
  const hidden = useObservable(useClient().blocked).has(item.sender) && !shownAnyway;
  const editing = seq !== undefined && seq === room.editing && !gone;

  const { pulled, handlers } = useFinger<HTMLElement>({
    hold: row => !gone && room.openMenu(item, row),
    pulls: () => ({
      toEnd: gone || editing || hidden ? undefined : actionsFor(item, room).find(({ id }) => id === 'reply'),
    }),
  });

  const shown = { item, text: textOf(entry), gone };
  const content = hidden ? (
    <Blocked onShow={() => setShownAnyway(true)} />
  ) : editing ? (
    <EditBox
      text={shown.text}
      seq={seq}
      mayBeEmpty={entry.kind === 'stored' && entry.message.attachments !== undefined}
    />
  ) : entry.kind === 'stored' && entry.message.fromThread && !gone ? (
    <FromThread message={entry.message} from={entry.message.fromThread} />
  ) : room.layout === 'bubbles' ? (
    <Bubble {...shown} />
  ) : room.layout === 'rows' ? (
    <PersonLine {...shown} />
  ) : (
    <CompactLine {...shown} />
  );
  const bar = pointed && !gone && !editing && !hidden && <ActionBar item={item} />;
  const own = entry.kind === 'stored' && !mine && !gone && mentionsMe(entry.message, room.me);
  return (
    <Article
      className={cx(
        styles.row,
        styles[room.layout],
        item.first && styles.first,
        item.last && styles.last,
        mine && styles.mine,
        own && styles.meant,
        jumped && styles.jumped,
      )}
      data-key={item.key}
      data-seq={seq}
      tabIndex={tabIndex}
      aria-posinset={seq}
      aria-label={words.message.spoken(
        mine ? words.app.you : room.nameOf(item.sender),
        clock(item.at),
        hidden ? words.safety.blockedMessage : gone ? words.message.deleted : spokenText(entry, room.me, room.nameOf),
        stateWords(item, room.nameOf),
      )}
      onPointerEnter={event => setPointed(event.pointerType === 'mouse')}
      onPointerLeave={() => setPointed(false)}
      {...handlers}
      data-pulled={pulled?.to}
    >
      <PullSign pulled={pulled} />
      <TabStopContext value={tabIndex}>
        {room.layout === 'bubbles' ? (
          <div className={styles.line}>
            {content}
            {bar}
          </div>
        ) : (
          <>
            {content}
            {bar}
          </>
        )}
        {!hidden && !editing && <Under item={item} gone={gone} />}
        <StateLine item={item} pending={pending} />
      </TabStopContext>
    </Article>
  );
});

/** With the number of all messages, for ears: when it grows, nothing inside is drawn anew. */
function Article(props: ComponentProps<'article'>) {
  const lastSeq = useContext(LastSeqContext);
  return <article {...props} aria-setsize={props['aria-posinset'] === undefined ? undefined : lastSeq} />;
}

const mentionsMe = ({ mentions }: Message, me: Id) =>
  mentions?.some(whom => whom === me || whom === 'all' || whom === 'here') ?? false;

/** What it says, for ears: with what it answers or carries. */
function spokenText(entry: TimelineMessage, me: Id, nameOf: (id: Id) => string): string {
  if (entry.kind === 'unsent') return [plainText(entry.text), spokenFiles(entry)].filter(Boolean).join(' ');
  const { message } = entry;
  const text = message.poll ? summaryOf(message, me, nameOf) : plainText(message.text);
  const reactions = message.reactions?.reduce((sum, { count }) => sum + count, 0) ?? 0;
  const parts = [text, spokenFiles(entry), reactions > 0 && words.reaction.countSpoken(reactions)];
  return parts.filter(Boolean).join(' ');
}
