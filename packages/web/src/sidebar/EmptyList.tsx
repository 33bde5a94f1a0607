import { Plus } from 'lucide-react';
import { words } from '../words/words.ts';
import { BrowseChannels } from './BrowseChannels.tsx';
import styles from './ConversationList.module.css';

export function EmptyList({ onBegin }: { onBegin: () => void }) {
  return (
    <>
      <p className={styles.note} data-beside>
        {words.list.empty} {words.list.emptyLead}
      </p>
      <button type="button" className={styles.begin} onClick={onBegin}>
        <span className={styles.plus}>
          <Plus size={20} strokeWidth={1.6} aria-hidden="true" />
        </span>
        <span data-beside>{words.list.begin}</span>
      </button>
      <BrowseChannels here={false} />
    </>
  );
}
