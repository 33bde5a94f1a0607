import { previewableIn } from '@carpenter/protocol';
import { words } from '../words/words.ts';
import styles from './PreviewLine.module.css';

interface Props {
  text: string;
  /** Whether a preview is wanted. */
  wanted: boolean;
  onWant: (wanted: boolean) => void;
}

/** While a link stands in the text: whether the page it leads to is shown under the message. */
export function PreviewLine({ text, wanted, onWant }: Props) {
  const url = previewableIn(text);
  if (url === undefined) return null;
  return (
    <label className={styles.line}>
      <input type="checkbox" checked={wanted} onChange={event => onWant(event.target.checked)} />
      <span>{words.composer.preview(new URL(url).hostname)}</span>
    </label>
  );
}
