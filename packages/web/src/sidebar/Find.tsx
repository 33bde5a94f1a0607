import { Search } from 'lucide-react';
import { useRail } from '../hooks/rail.ts';
import { touch } from '../hooks/surroundings.ts';
import { words } from '../words/words.ts';
import styles from './Find.module.css';

/** Opens the palette; looks like the field that one finds in it. */
export function Find({ onFind }: { onFind: () => void }) {
  const label = words.list.search;
  return (
    <button
      type="button"
      className={styles.find}
      onClick={onFind}
      title={useRail() ? label : undefined}
      aria-keyshortcuts="Control+K"
    >
      <Search size={16} strokeWidth={1.7} aria-hidden="true" />
      <span className={styles.words} data-beside>
        {label}
      </span>
      {!touch() && (
        <span className={styles.key} aria-hidden="true" data-beside>
          {words.list.findKey}
        </span>
      )}
    </button>
  );
}
