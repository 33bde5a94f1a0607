import { ArrowLeft } from 'lucide-react';
import type { JSX } from 'react';
import { ConnectionBar } from '../conversation/ConnectionBar.tsx';
import { useClient, useObservable } from '../hooks/client.ts';
import { touch, usePhone } from '../hooks/surroundings.ts';
import { Button } from '../parts/Button.tsx';
import { cx } from '../parts/cx.ts';
import { IconButton } from '../parts/IconButton.tsx';
import place from '../parts/Place.module.css';
import { addressOf, type SettingsSection, useGo } from '../place.ts';
import { TabBar } from '../sidebar/TabBar.tsx';
import { words } from '../words/words.ts';
import { BlockedPeople } from './BlockedPeople.tsx';
import { LookSettings } from './LookSettings.tsx';
import { NotificationSettings } from './NotificationSettings.tsx';
import { Password } from './Password.tsx';
import { PrivacySettings } from './PrivacySettings.tsx';
import { Profile } from './Profile.tsx';
import { Sessions } from './Sessions.tsx';
import styles from './Settings.module.css';
import { sections } from './sections.ts';
import { WritingSettings } from './WritingSettings.tsx';

const contents: { readonly [S in SettingsSection]: () => JSX.Element } = {
  profile: Profile,
  look: LookSettings,
  writing: WritingSettings,
  notifications: NotificationSettings,
  privacy: () => (
    <>
      <PrivacySettings />
      <BlockedPeople />
    </>
  ),
  devices: () => (
    <>
      <Sessions />
      <Password />
      <SignOut />
    </>
  ),
};

interface Props {
  /** Absent: on the phone the list of them, else the first. */
  section: SettingsSection | undefined;
  onShortcuts: () => void;
}

/** Oneself, part by part. All applies at once. */
export function Settings({ section, onShortcuts }: Props) {
  const go = useGo();
  const phone = usePhone();
  const version = useObservable(useClient().server)?.version;
  const { settings } = words;
  const shown = section ?? (phone ? undefined : 'profile');
  const Content = shown && contents[shown];
  const within = phone && section !== undefined;
  return (
    <main className={cx(place.place, styles.settings)}>
      <header className={place.head}>
        {(!phone || within) && (
          <IconButton
            icon={ArrowLeft}
            label={words.app.back}
            onClick={() => go.up(within ? { at: 'settings' } : { at: 'list' })}
          />
        )}
        <h1>{settings.title}</h1>
      </header>
      <ConnectionBar />
      <div className={place.scroll}>
        <div className={styles.parts}>
          {!within && (
            <nav aria-label={settings.sections} className={styles.nav}>
              {sections.map(({ name, label, icon: Icon }) => (
                <a
                  key={name}
                  href={addressOf({ at: 'settings', section: name })}
                  aria-current={name === shown ? 'page' : undefined}
                  onClick={event => {
                    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
                    event.preventDefault();
                    if (phone) go.to({ at: 'settings', section: name });
                    else go.instead({ at: 'settings', section: name });
                  }}
                >
                  <Icon size={18} strokeWidth={1.7} aria-hidden="true" />
                  {label}
                </a>
              ))}
            </nav>
          )}
          <div className={cx(place.column, styles.column)}>
            {Content && <Content />}
            <footer className={styles.foot}>
              {Content && <span>{settings.everywhere}</span>}
              {version && <span>{settings.version(version)}</span>}
              {!touch() && (
                <Button look="link" onClick={onShortcuts}>
                  {settings.shortcuts}
                </Button>
              )}
            </footer>
          </div>
        </div>
      </div>
      {phone && !within && <TabBar here="you" />}
    </main>
  );
}

function SignOut() {
  const client = useClient();
  const { settings } = words;
  return (
    <section className={styles.end}>
      <Button onClick={() => void client.logout()}>{settings.signOut}</Button>
      <small>{settings.signOutLead}</small>
    </section>
  );
}
