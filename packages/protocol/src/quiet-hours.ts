import { z } from 'zod';

/** A zone of the IANA list, as `Europe/Oslo`. */
export const timeZone = z.string().max(64).refine(isTimeZone, 'This is no time zone. Europe/Oslo is one.');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'A time of the day is written like 22:30.');
/** Not disturbed at these hours; where `to` is not after `from` they end on the next day. */
export const quietHours = z.object({
  /** Days on which they begin, 0 is Sunday. */
  days: z.array(z.int().min(0).max(6)).min(1).max(7),
  from: clockTime,
  to: clockTime,
  timeZone,
});
export type QuietHours = z.infer<typeof quietHours>;

const formats = new Map<string, Intl.DateTimeFormat>();
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Day of the week (0 is Sunday) and minutes since midnight on the clocks of a time zone. */
function localTime(timeZone: string, at: number): { day: number; minutes: number } {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(timeZone, format);
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    day: weekdays.indexOf(parts.get('weekday') ?? ''),
    minutes: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/**
 * Whether a moment lies in quiet hours, by the clocks of their own time zone. Hours that end when or before they begin go on into
 * the next day, whichever that is; `from` belongs to them, `to` does not.
 * @param at  ms since 1970
 */
export function inQuietHours({ days, from, to, timeZone }: QuietHours, at: number): boolean {
  const { day, minutes } = localTime(timeZone, at);
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  if (begin < end) return days.includes(day) && minutes >= begin && minutes < end;
  if (minutes >= begin && days.includes(day)) return true;
  return minutes < end && days.includes((day + 6) % 7); // begun yesterday
}
