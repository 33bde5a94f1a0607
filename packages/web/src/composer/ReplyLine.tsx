import type { ConversationHandle } from '@carpenter/client';
import type { Seq } from '@carpenter/protocol';
import { Reply, X } from 'lucide-react';
import { useMe, usePeople } from '../hooks/client.ts';
import { summaryOf } from '../message/summary.ts';
import { useMessage } from '../message/useMessage.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { words } from '../words/words.ts';
import styles from './ReplyLine.module.css';

/** What is being answered, over the field; Esc or the cross lets it go. */
export function ReplyLine({ handle, seq, onEnd }: { handle: ConversationHandle; seq: Seq; onEnd: () => void }) {
  const me = useMe().id;
  const { nameOf } = usePeople();
  const original = useMessage(handle, seq);
  const found = original === 'missing' ? undefined : original;
  return (
    <div className={styles.line}>
      <Reply size={16} strokeWidth={1.7} aria-hidden="true" />
      <p>
        <b>{found ? words.composer.replyTo(nameOf(found.sender)) : words.composer.reply}</b>{' '}
        <span dir="auto">{found ? summaryOf(found, me, nameOf) : original && words.message.deleted}</span>
      </p>
      <IconButton small icon={X} label={words.composer.endReply} keys="Escape" onClick={onEnd} />
    </div>
  );
}
