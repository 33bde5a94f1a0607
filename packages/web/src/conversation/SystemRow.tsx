import type { Message } from '@carpenter/protocol';
import { useContext, useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { words } from '../words/words.ts';
import styles from './Rules.module.css';
import { LastSeqContext, useRoom } from './room.ts';
import { systemLine } from './systemLine.ts';

const shownAtOnce = 3;

/** What happened to the group; several in a row are folded into one. */
export function SystemRow({ messages }: { messages: readonly Message[] }) {
  const { layout } = useRoom();
  const lastSeq = useContext(LastSeqContext);
  const [all, setAll] = useState(false);
  const fold = !all && messages.length > shownAtOnce;
  const shown = fold ? messages.slice(-2) : messages;
  const last = messages.at(-1)?.seq;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the arrows go from one `<article>` to the next, and none stops here.
    <div
      role="article"
      aria-posinset={last}
      aria-setsize={lastSeq}
      className={styles.system}
      data-in={layout}
      data-seq={last}
    >
      {fold && (
        <Button look="link" onClick={() => setAll(true)}>
          {words.timeline.earlier(messages.length - shown.length)}
        </Button>
      )}
      {shown.map(message => (
        <p key={message.id}>
          <Line message={message} />
        </p>
      ))}
    </div>
  );
}

/** What it says; where that is about a message, it leads there. */
function Line({ message }: { message: Message }) {
  const { me, nameOf, jump, addressOf } = useRoom();
  const says = systemLine(message, me, nameOf);
  if (message.system?.kind !== 'pinned') return says;
  const { seq } = message.system;
  return (
    <a
      href={addressOf(seq)}
      onClick={event => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        jump(seq);
      }}
    >
      {says}
    </a>
  );
}
