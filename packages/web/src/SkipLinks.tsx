import styles from './House.module.css';
import { enter } from './hooks/regions.ts';
import type { Place } from './place.ts';
import { words } from './words/words.ts';

/** The first stops of all: past the list, into the messages, to the composer. */
export function SkipLinks({ place }: { place: Place }) {
  const { app } = words;
  const targets =
    place.at === 'conversation'
      ? { conversations: app.skipToConversations, messages: app.skipToMessages, composer: app.skipToComposer }
      : { conversations: app.skipToConversations };
  return (
    <div className={styles.skip}>
      {Object.entries(targets).map(([id, label]) => (
        <button key={id} type="button" onClick={() => enter(document.getElementById(id))}>
          {label}
        </button>
      ))}
    </div>
  );
}
