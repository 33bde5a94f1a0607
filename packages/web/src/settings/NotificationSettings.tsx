import { useMe } from '../hooks/client.ts';
import { usePreferences } from '../hooks/preferences.ts';
import { DeliveriesLink } from '../notify/DeliveriesLink.tsx';
import { DeviceNotifications } from '../notify/DeviceNotifications.tsx';
import { MailNotifications } from '../notify/MailNotifications.tsx';
import { words } from '../words/words.ts';
import { Card } from './Card.tsx';
import { DoNotDisturb } from './DoNotDisturb.tsx';
import { Keywords } from './Keywords.tsx';
import { ChoiceRow, SwitchRow } from './rows.tsx';
import { usePrefer } from './usePrefer.ts';

/** What may call for attention, and when. */
export function NotificationSettings() {
  const { notify, notifyPreview, sounds, sentSound, keywords } = usePreferences();
  const [note, prefer] = usePrefer();
  const owner = useMe().role === 'owner';
  const { settings } = words;
  return (
    <>
      <Card title={settings.notifications} note={note}>
        <ChoiceRow
          label={settings.notify}
          lead={settings.notifyLead}
          value={notify}
          options={[
            { value: 'all', label: settings.notifyAll },
            { value: 'mentions', label: settings.notifyMentions },
            { value: 'nothing', label: settings.notifyNothing },
          ]}
          onChange={value => prefer({ notify: value })}
        />
        <SwitchRow
          label={settings.notifyPreview}
          lead={settings.notifyPreviewLead}
          value={notifyPreview}
          onChange={value => prefer({ notifyPreview: value })}
        />
        <SwitchRow
          label={settings.sounds}
          lead={settings.soundsLead}
          value={sounds}
          onChange={value => prefer({ sounds: value })}
        />
        {sounds && (
          <SwitchRow
            label={settings.sentSound}
            lead={settings.sentSoundLead}
            value={sentSound}
            onChange={value => prefer({ sentSound: value })}
          />
        )}
        <Keywords keywords={keywords} prefer={prefer} />
      </Card>
      <DoNotDisturb />
      <DeviceNotifications />
      <MailNotifications />
      {owner && <DeliveriesLink />}
    </>
  );
}
