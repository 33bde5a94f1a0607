import type { Message } from '@carpenter/protocol';
import { useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { words } from '../words/words.ts';
import styles from './Rules.module.css';
import { useRoom } from './room.ts';
import { systemLine } from './systemLine.ts';

const shownAtOnce = 3;

/** What happened to the group; several in a row are folded into one. */
export function SystemRow({ messages }: { messages: readonly Message[] }) {
  const { nameOf, layout } = useRoom();
  const [all, setAll] = useState(false);
  const fold = !all && messages.length > shownAtOnce;
  const shown = fold ? messages.slice(-2) : messages;
  return (
    <div className={styles.system} data-in={layout} data-seq={messages.at(-1)?.seq}>
      {fold && (
        <Button look="link" onClick={() => setAll(true)}>
          {words.timeline.earlier(messages.length - shown.length)}
        </Button>
      )}
      {shown.map(message => (
        <p key={message.id}>{systemLine(message, nameOf)}</p>
      ))}
    </div>
  );
}
