import { Hash } from 'lucide-react';
import { useMe } from '../hooks/client.ts';
import { useRail } from '../hooks/rail.ts';
import { addressOf, useGo } from '../place.ts';
import { words } from '../words/words.ts';
import styles from './ConversationList.module.css';

/** The way to the channels one is not in yet; guests have none. */
export function BrowseChannels({ here }: { here: boolean }) {
  const go = useGo();
  const rail = useRail();
  if (useMe().role === 'guest') return null;
  return (
    <a
      href={addressOf({ at: 'channels' })}
      className={styles.browse}
      aria-current={here ? 'page' : undefined}
      title={rail ? words.rooms.browse : undefined}
      onClick={event => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        if (!here) go.to({ at: 'channels' });
      }}
    >
      <Hash size={16} strokeWidth={1.7} aria-hidden="true" />
      <span data-beside>{words.rooms.browse}</span>
    </a>
  );
}
