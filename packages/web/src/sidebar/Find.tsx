import { Search } from 'lucide-react';
import { touch } from '../hooks/surroundings.ts';
import { words } from '../words/words.ts';
import styles from './Find.module.css';

/** Opens the palette; looks like the field that one finds in it. */
export const Find = ({ onFind }: { onFind: () => void }) => (
  <button type="button" className={styles.find} onClick={onFind} aria-keyshortcuts="Control+K">
    <Search size={16} strokeWidth={1.7} aria-hidden="true" />
    <span className={styles.words}>{words.list.search}</span>
    {!touch() && (
      <span className={styles.key} aria-hidden="true">
        {words.list.findKey}
      </span>
    )}
  </button>
);
