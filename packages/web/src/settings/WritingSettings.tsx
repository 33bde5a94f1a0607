import { usePreferences } from '../hooks/preferences.ts';
import { words } from '../words/words.ts';
import { Card } from './Card.tsx';
import { ChoiceRow, SwitchRow } from './rows.tsx';
import { usePrefer } from './usePrefer.ts';

/** How one reads and writes. */
export function WritingSettings() {
  const { sendKey, linkPreviews, announce, singleKeys } = usePreferences();
  const [note, prefer] = usePrefer();
  const { settings } = words;
  return (
    <Card title={settings.writing} note={note}>
      <ChoiceRow
        label={settings.sendKey}
        lead={settings.sendKeyLead}
        value={sendKey}
        options={[
          { value: 'enter', label: settings.sendEnter },
          { value: 'ctrl-enter', label: settings.sendCtrlEnter },
        ]}
        onChange={value => prefer({ sendKey: value })}
      />
      <SwitchRow
        label={settings.linkPreviews}
        lead={settings.linkPreviewsLead}
        value={linkPreviews}
        onChange={value => prefer({ linkPreviews: value })}
      />
      <SwitchRow
        label={settings.announce}
        lead={settings.announceLead}
        value={announce}
        onChange={value => prefer({ announce: value })}
      />
      <SwitchRow
        label={settings.singleKeys}
        lead={settings.singleKeysLead}
        value={singleKeys}
        onChange={value => prefer({ singleKeys: value })}
      />
    </Card>
  );
}
