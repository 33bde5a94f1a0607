import { usePreferences } from '../hooks/preferences.ts';
import { words } from '../words/words.ts';
import { Card } from './Card.tsx';
import { SwitchRow } from './rows.tsx';
import { usePrefer } from './usePrefer.ts';

/** What others may know. */
export function PrivacySettings() {
  const { readReceipts, lastSeen } = usePreferences();
  const [note, prefer] = usePrefer();
  const { settings } = words;
  return (
    <Card title={settings.privacy} note={note}>
      <SwitchRow
        label={settings.readReceipts}
        lead={settings.readReceiptsLead}
        value={readReceipts}
        onChange={value => prefer({ readReceipts: value })}
      />
      <SwitchRow
        label={settings.lastSeen}
        lead={settings.lastSeenLead}
        value={lastSeen}
        onChange={value => prefer({ lastSeen: value })}
      />
    </Card>
  );
}
