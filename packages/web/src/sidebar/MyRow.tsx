import { isQuiet } from '@carpenter/protocol';
import { SlidersHorizontal } from 'lucide-react';
import { useClient, useMe, useObservable } from '../hooks/client.ts';
import { useNow } from '../hooks/clock.ts';
import { usePreferences } from '../hooks/preferences.ts';
import { Face } from '../parts/Face.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { useGo } from '../place.ts';
import { lasting, statusText } from '../status/statusWords.ts';
import { words } from '../words/words.ts';
import styles from './MyRow.module.css';

/** Oneself, at the foot of the list. */
export function MyRow({ here }: { here: boolean }) {
  const me = useMe();
  const go = useGo();
  const now = useNow(10_000);
  const online = useObservable(useClient().connection).phase === 'online';
  const quiet = isQuiet(usePreferences(), now);
  const says = lasting(me.status, now);
  const how = online ? (quiet ? 'dnd' : 'online') : 'offline';
  const status = says
    ? statusText(says)
    : me.role === 'owner' && how === 'online'
      ? words.presence.owner
      : words.presence[how];
  return (
    <footer className={styles.me}>
      <Face id={me.id} name={me.displayName} size={32} presence={how === 'offline' ? undefined : how} />
      <span className={styles.who} data-beside>
        <b>
          <bdi>{me.displayName}</bdi>
        </b>
        <small dir="auto">{status}</small>
      </span>
      <IconButton
        icon={SlidersHorizontal}
        label={words.settings.open}
        aria-pressed={here}
        onClick={() => (here ? go.up({ at: 'list' }) : go.to({ at: 'settings' }))}
      />
    </footer>
  );
}
