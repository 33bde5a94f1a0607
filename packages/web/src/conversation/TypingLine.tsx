import type { Id } from '@carpenter/protocol';
import { usePeople } from '../hooks/client.ts';
import { words } from '../words/words.ts';
import styles from './TypingLine.module.css';

export function typingWords(typing: readonly Id[], nameOf: (id: Id) => string): string {
  const [one, two] = typing;
  if (one === undefined) return '';
  if (two === undefined) return words.composer.typingOne(nameOf(one));
  if (typing.length === 2) return words.composer.typingTwo(nameOf(one), nameOf(two));
  return words.composer.typingMany(typing.length);
}

/** Who writes at this moment: a line that is always there, so that it moves nothing. */
export function TypingLine({ typing }: { typing: readonly Id[] }) {
  const { nameOf } = usePeople();
  return (
    <p className={styles.typing}>
      {typing.length > 0 && (
        <>
          <span className={styles.dots} aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {typingWords(typing, nameOf)}
        </>
      )}
    </p>
  );
}
