import { ArrowLeft } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { ConnectionBar } from '../conversation/ConnectionBar.tsx';
import { useClient, useObservable } from '../hooks/client.ts';
import { prefer, preferences } from '../hooks/preferences.ts';
import { touch, usePhone } from '../hooks/surroundings.ts';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { useGo } from '../place.ts';
import { TabBar } from '../sidebar/TabBar.tsx';
import { words } from '../words/words.ts';
import { BlockedPeople } from './BlockedPeople.tsx';
import { Password } from './Password.tsx';
import { Profile } from './Profile.tsx';
import { Sessions } from './Sessions.tsx';
import styles from './Settings.module.css';

/** Oneself: name, how this browser shows the page, where one is signed in. All applies at once. */
export function Settings({ onShortcuts }: { onShortcuts: () => void }) {
  const client = useClient();
  const go = useGo();
  const phone = usePhone();
  const version = useObservable(client.server)?.version;
  const { theme, density, sounds } = useSyncExternalStore(preferences.subscribe, preferences.get);
  const { settings } = words;
  return (
    <main className={styles.settings}>
      <header className={styles.head}>
        {!phone && <IconButton icon={ArrowLeft} label={words.app.back} onClick={() => go.up({ at: 'list' })} />}
        <h1>{settings.title}</h1>
      </header>
      <ConnectionBar />
      <div className={styles.scroll}>
        <div className={styles.column}>
          <Profile />
          <section className={styles.card}>
            <h2>{settings.look}</h2>
            <div className={styles.row}>
              <span>{settings.theme}</span>
              <Choice
                label={settings.theme}
                value={theme}
                options={[
                  { value: 'light', label: settings.light },
                  { value: 'dark', label: settings.dark },
                  { value: 'system', label: settings.system },
                ]}
                onChange={value => prefer({ theme: value })}
              />
            </div>
            <div className={styles.row}>
              <span>{settings.density}</span>
              <Choice
                label={settings.density}
                value={density}
                options={[
                  { value: 'comfortable', label: settings.comfortable },
                  { value: 'compact', label: settings.compact },
                ]}
                onChange={value => prefer({ density: value })}
              />
            </div>
            <label className={styles.row}>
              <span>
                {settings.sounds}
                <small>{settings.soundsLead}</small>
              </span>
              <input
                type="checkbox"
                role="switch"
                aria-checked={sounds}
                className={styles.switch}
                checked={sounds}
                onChange={event => prefer({ sounds: event.target.checked })}
              />
            </label>
          </section>
          <Sessions />
          <Password />
          <BlockedPeople />
          <section className={styles.end}>
            <Button onClick={() => void client.logout()}>{settings.signOut}</Button>
            <small>{settings.signOutLead}</small>
          </section>
          <footer className={styles.foot}>
            {version && <span>{settings.version(version)}</span>}
            {!touch() && (
              <Button look="link" onClick={onShortcuts}>
                {settings.shortcuts}
              </Button>
            )}
          </footer>
        </div>
      </div>
      {phone && <TabBar here="you" />}
    </main>
  );
}
