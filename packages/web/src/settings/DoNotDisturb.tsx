import { isQuiet, type QuietHours } from '@carpenter/protocol';
import { serverNow, useNow } from '../hooks/clock.ts';
import { usePreferences } from '../hooks/preferences.ts';
import { Button } from '../parts/Button.tsx';
import { comingTime, weekdayName } from '../words/times.ts';
import { words } from '../words/words.ts';
import { Card } from './Card.tsx';
import { SwitchRow } from './rows.tsx';
import styles from './Settings.module.css';
import { usePrefer } from './usePrefer.ts';

const minutes = (count: number) => new Date(serverNow() + count * 60_000);
function tomorrowMorning(): Date {
  const at = new Date(serverNow());
  at.setDate(at.getDate() + 1);
  at.setHours(8, 0, 0, 0);
  return at;
}
const weekdays = [1, 2, 3, 4, 5];
const days = { monday: [1, 2, 3, 4, 5, 6, 0], sunday: [0, 1, 2, 3, 4, 5, 6], saturday: [6, 0, 1, 2, 3, 4, 5] };

/** Quiet for a while, and quiet at fixed hours. */
export function DoNotDisturb() {
  const { doNotDisturbUntil: until, doNotDisturbHours: hours, weekStart } = usePreferences();
  const settingsNow = usePreferences();
  const now = useNow(10_000);
  const [note, prefer] = usePrefer();
  const { settings } = words;
  const on = until !== null && Date.parse(until) > now;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const change = (part: Partial<QuietHours>) =>
    prefer({ doNotDisturbHours: { ...(hours ?? usual), ...part, timeZone: here } });
  const usual: QuietHours = { days: weekdays, from: '22:00', to: '07:00', timeZone: here };
  return (
    <Card title={settings.dnd} note={note}>
      <div className={styles.row}>
        <span>
          {on
            ? settings.dndUntil(comingTime(until, now))
            : isQuiet(settingsNow, now)
              ? settings.quietNow
              : settings.dndLead}
        </span>
        <span className={styles.buttons}>
          {on ? (
            <Button size="small" onClick={() => prefer({ doNotDisturbUntil: null })}>
              {settings.dndOff}
            </Button>
          ) : (
            <>
              <Button size="small" onClick={() => prefer({ doNotDisturbUntil: minutes(60).toISOString() })}>
                {settings.dndHour}
              </Button>
              <Button size="small" onClick={() => prefer({ doNotDisturbUntil: minutes(240).toISOString() })}>
                {settings.dndFour}
              </Button>
              <Button size="small" onClick={() => prefer({ doNotDisturbUntil: tomorrowMorning().toISOString() })}>
                {settings.dndTomorrow}
              </Button>
            </>
          )}
        </span>
      </div>
      <SwitchRow
        label={settings.quiet}
        lead={settings.quietLead}
        value={hours !== null}
        onChange={value => prefer({ doNotDisturbHours: value ? usual : null })}
      />
      {hours && (
        <>
          <div className={styles.times}>
            <label>
              {settings.quietFrom}
              <input
                type="time"
                required
                value={hours.from}
                onChange={event => event.target.value && change({ from: event.target.value })}
              />
            </label>
            <label>
              {settings.quietTo}
              <input
                type="time"
                required
                value={hours.to}
                onChange={event => event.target.value && change({ to: event.target.value })}
              />
            </label>
          </div>
          <fieldset className={styles.days}>
            <legend>{settings.quietDays}</legend>
            {days[weekStart].map(day => (
              <label key={day}>
                <input
                  type="checkbox"
                  aria-label={weekdayName(day, 'weekdayLong')}
                  checked={hours.days.includes(day)}
                  disabled={hours.days.length === 1 && hours.days.includes(day)}
                  onChange={event =>
                    change({
                      days: event.target.checked ? [...hours.days, day].sort() : hours.days.filter(one => one !== day),
                    })
                  }
                />
                <span aria-hidden="true">{weekdayName(day, 'weekdayShort')}</span>
              </label>
            ))}
          </fieldset>
        </>
      )}
    </Card>
  );
}
