import { cx } from '../parts/cx.ts';
import { fullTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Body.module.css';
import { isEmojiOnly, linksIn } from './links.ts';

/** A text as it came, its web addresses as links. Never HTML. */
export function Body({ text, editedAt }: { text: string; editedAt?: string | undefined }) {
  return (
    <span className={cx(styles.text, isEmojiOnly(text) && styles.emoji)}>
      {linksIn(text).map((part, index) =>
        part.href ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name.
          <a key={index} className={styles.link} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
            {part.text}
          </a>
        ) : (
          part.text
        ),
      )}
      {editedAt && (
        <span className={styles.edited} title={words.message.editedAt(fullTime(editedAt))}>
          {' '}
          {words.message.edited}
        </span>
      )}
    </span>
  );
}

export const Gone = () => <span className={styles.gone}>{words.message.deleted}</span>;
