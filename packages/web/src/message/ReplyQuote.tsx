import type { Seq } from '@carpenter/protocol';
import { Reply } from 'lucide-react';
import { use } from 'react';
import { useRoom } from '../conversation/room.ts';
import { TabStopContext } from '../markdown/names.ts';
import { words } from '../words/words.ts';
import styles from './Lines.module.css';
import { useMessage } from './useMessage.ts';
import { useSummary } from './useSummary.ts';

/** What a message answers, in one line; a press goes there. */
export function ReplyQuote({ seq }: { seq: Seq }) {
  const { handle, nameOf, jump } = useRoom();
  const summaryOf = useSummary();
  const tabIndex = use(TabStopContext);
  const original = useMessage(handle, seq);
  const found = original === 'missing' ? undefined : original;
  const gone = original === 'missing' || found?.deletedAt !== undefined;
  const text = gone ? words.message.deleted : found ? summaryOf(found) : words.app.opening;
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      className={styles.quote}
      aria-label={words.message.quoteSpoken(found && !gone ? nameOf(found.sender) : undefined, text)}
      onClick={() => jump(seq)}
    >
      <Reply size={14} strokeWidth={1.8} aria-hidden="true" />
      {found && !gone && (
        <b>
          <bdi>{nameOf(found.sender)}</bdi>
        </b>
      )}{' '}
      <span className={styles.text} dir="auto" data-gone={gone || undefined}>
        {text}
      </span>
    </button>
  );
}
