import styles from './House.module.css';
import type { Place } from './place.ts';
import { words } from './words/words.ts';

/** The first stop of the keyboard in a region: itself, its row with tabindex 0, or its first link. */
function jumpTo(id: string) {
  const region = document.getElementById(id);
  const stop = region?.matches('textarea') ? region : region?.querySelector<HTMLElement>('[tabindex="0"], a, button');
  stop?.focus();
}

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
        <button key={id} type="button" onClick={() => jumpTo(id)}>
          {label}
        </button>
      ))}
    </div>
  );
}
