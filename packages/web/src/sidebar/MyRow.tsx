import { SlidersHorizontal } from 'lucide-react';
import { useClient, useMe, useObservable } from '../hooks/client.ts';
import { Face } from '../parts/Face.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { useGo } from '../place.ts';
import { words } from '../words/words.ts';
import styles from './MyRow.module.css';

/** Oneself, at the foot of the list. */
export function MyRow({ here }: { here: boolean }) {
  const me = useMe();
  const go = useGo();
  const online = useObservable(useClient().connection).phase === 'online';
  const status = me.role === 'owner' && online ? words.presence.owner : words.presence[online ? 'online' : 'offline'];
  return (
    <footer className={styles.me}>
      <Face id={me.id} name={me.displayName} size={32} presence={online ? 'online' : undefined} />
      <span className={styles.who}>
        <b>
          <bdi>{me.displayName}</bdi>
        </b>
        <small>{status}</small>
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
