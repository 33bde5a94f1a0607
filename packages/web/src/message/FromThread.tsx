import type { Message } from '@carpenter/protocol';
import { MessageSquareText } from 'lucide-react';
import { use } from 'react';
import { useRoom } from '../conversation/room.ts';
import { useClient } from '../hooks/client.ts';
import { TabStopContext } from '../markdown/names.ts';
import { useGo } from '../place.ts';
import { words } from '../words/words.ts';
import { attempt } from './faults.ts';
import styles from './Lines.module.css';
import { summaryOf } from './summary.ts';

/** A reply of a thread that was sent to the conversation too: one line, which leads there. */
export function FromThread({ message, from }: { message: Message; from: NonNullable<Message['fromThread']> }) {
  const { me, nameOf, handle, layout } = useRoom();
  const client = useClient();
  const go = useGo();
  const tabIndex = use(TabStopContext);
  const open = async () => {
    const thread = client.conversation(from.conversationId);
    await thread.reload();
    const parent = thread.timeline.get().conversation?.parent;
    if (parent)
      go.to({ at: 'conversation', id: parent.conversationId, details: false, thread: parent.seq, message: from.seq });
  };
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      className={styles.from}
      data-in={layout}
      onClick={() => attempt(handle, message.seq, open)}
    >
      <MessageSquareText size={16} strokeWidth={1.7} aria-hidden="true" />
      <b>
        <bdi>{nameOf(message.sender)}</bdi>
      </b>
      <span className={styles.text} dir="auto" data-body="">
        {words.thread.inThread(summaryOf(message, me, nameOf))}
      </span>
    </button>
  );
}
