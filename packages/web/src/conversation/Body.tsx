import type { TimelineMessage } from '@carpenter/client';
import { emojiOnly } from '../emoji/only.ts';
import { Markdown } from '../markdown/Markdown.tsx';
import { MessageFiles } from '../media/MessageFiles.tsx';
import { LinkPreview } from '../notify/LinkPreview.tsx';
import { fullTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Body.module.css';
import { useRoom } from './room.ts';

/** What a message says; emoji alone are large, the fewer the larger. Files stand under the words, in a bubble over them, as its picture. */
export function Body({ text, entry }: { text: string; entry: TimelineMessage }) {
  const editedAt = entry.kind === 'stored' ? entry.message.editedAt : undefined;
  const emoji = emojiOnly(text);
  const over = useRoom().layout === 'bubbles';
  return (
    <>
      {over && <MessageFiles entry={entry} />}
      <div className={styles.text} data-body="" data-emoji={emoji > 3 ? 'large' : emoji > 0 ? 'huge' : undefined}>
        <Markdown text={text} />
        {editedAt && (
          <span className={styles.edited} title={words.message.editedAt(fullTime(editedAt))}>
            {' '}
            {words.message.edited}
          </span>
        )}
      </div>
      {!over && <MessageFiles entry={entry} />}
      <LinkPreview entry={entry} />
    </>
  );
}

export const Gone = () => (
  <span className={styles.gone} data-body="">
    {words.message.deleted}
  </span>
);
