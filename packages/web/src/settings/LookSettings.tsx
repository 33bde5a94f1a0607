import { serverNow } from '../hooks/clock.ts';
import { usePreferences } from '../hooks/preferences.ts';
import { fullTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import { Card } from './Card.tsx';
import { ChoiceRow, optionsOf, SelectRow, SwitchRow } from './rows.tsx';
import styles from './Settings.module.css';
import { usePrefer } from './usePrefer.ts';

const sizes = [13, 14, 15, 16, 18] as const;
const languages = ['system', 'en-GB', 'en-US', 'en-CA', 'en-AU', 'en-IN'] as const;
const firstDays = ['monday', 'saturday', 'sunday'] as const;

/** How the page looks. */
export function LookSettings() {
  const { theme, density, textSize, motion, language, clock, weekStart, firstSteps } = usePreferences();
  const [note, prefer] = usePrefer();
  const { settings } = words;
  return (
    <Card title={settings.look} note={note}>
      <ChoiceRow
        label={settings.theme}
        value={theme}
        options={[
          { value: 'light', label: settings.light },
          { value: 'dark', label: settings.dark },
          { value: 'system', label: settings.system },
        ]}
        onChange={value => prefer({ theme: value })}
      />
      <ChoiceRow
        label={settings.density}
        value={density}
        options={[
          { value: 'comfortable', label: settings.comfortable },
          { value: 'compact', label: settings.compact },
        ]}
        onChange={value => prefer({ density: value })}
      />
      <SelectRow
        label={settings.textSize}
        lead={<span className={styles.sample}>{settings.textSample}</span>}
        value={String(textSize)}
        options={sizes.map(size => ({ value: String(size), label: settings.textSizes[size] }))}
        onChange={value => prefer({ textSize: sizes.find(size => String(size) === value) })}
      />
      <ChoiceRow
        label={settings.motion}
        value={motion}
        options={[
          { value: 'system', label: settings.motionSystem },
          { value: 'reduced', label: settings.motionReduced },
        ]}
        onChange={value => prefer({ motion: value })}
      />
      <SelectRow
        label={settings.language}
        lead={settings.languageSample(fullTime(serverNow()))}
        value={language}
        options={optionsOf(settings.languages, languages)}
        onChange={value => prefer({ language: value })}
      />
      <ChoiceRow
        label={settings.clock}
        value={clock}
        options={[
          { value: '24', label: settings.clock24 },
          { value: '12', label: settings.clock12 },
          { value: 'system', label: settings.clockSystem },
        ]}
        onChange={value => prefer({ clock: value })}
      />
      <SelectRow
        label={settings.weekStart}
        value={weekStart}
        options={optionsOf(settings.weekStarts, firstDays)}
        onChange={value => prefer({ weekStart: value })}
      />
      <SwitchRow
        label={words.welcome.setting}
        lead={words.welcome.settingLead}
        value={firstSteps ?? true}
        onChange={value => prefer({ firstSteps: value })}
      />
    </Card>
  );
}
