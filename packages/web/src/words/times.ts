import { words } from './words.ts';

/** The reader's English, for the order of day and month and for 12 or 24 hours; the words around it are English. */
const ownLocale = globalThis.navigator?.languages?.find(language => language.startsWith('en')) ?? 'en-GB';

/** How dates and times are written; replaced as a whole when somebody prefers another way. */
function formatsOf(locale: string, hours: Pick<Intl.DateTimeFormatOptions, 'hourCycle'>) {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  const hour = hours.hourCycle === 'h12' ? 'numeric' : '2-digit';
  return {
    clock: format({ hour, minute: '2-digit', ...hours }),
    clockIn: (timeZone: string) => format({ hour, minute: '2-digit', timeZone, ...hours }),
    weekdayShort: format({ weekday: 'short' }),
    weekdayLong: format({ weekday: 'long' }),
    dayMonth: format({ day: 'numeric', month: 'short' }),
    dayMonthLong: format({ weekday: 'long', day: 'numeric', month: 'long' }),
    dayMonthYear: format({ day: 'numeric', month: 'long', year: 'numeric' }),
    full: format({ dateStyle: 'full', timeStyle: 'short', ...hours }),
  };
}
let formats = formatsOf(ownLocale, {});

/** @param language  `system`: as the browser does, as for `clock` */
export function setTimeStyle(language: string, clock: 'system' | '12' | '24'): void {
  const hours = clock === 'system' ? {} : { hourCycle: clock === '12' ? ('h12' as const) : ('h23' as const) };
  formats = formatsOf(language === 'system' ? ownLocale : language, hours);
}

/** The name of a day of the week, 0 is Sunday. */
export const weekdayName = (day: number, form: 'weekdayShort' | 'weekdayLong'): string =>
  formats[form].format(new Date(2024, 8, 1 + day));

type When = string | number | Date;
const startOfDay = (when: When) => new Date(when).setHours(0, 0, 0, 0);
/** Whole days between two moments by the calendar, not by 24 hours: a change of clocks does not matter. */
const daysBetween = (from: When, to: When) => Math.round((startOfDay(to) - startOfDay(from)) / 86_400_000);

/** 09:26 */
export const clock = (when: When): string => formats.clock.format(new Date(when));

/** What the day line says, and its key: Today, Yesterday, the weekday within 6 days, then the date. */
export function dayName(when: When, now: number): string {
  const days = daysBetween(when, now);
  if (days === 0) return words.timeline.today;
  if (days === 1) return words.timeline.yesterday;
  if (days > 1 && days < 7) return formats.weekdayLong.format(new Date(when));
  return new Date(when).getFullYear() === new Date(now).getFullYear()
    ? formats.dayMonthLong.format(new Date(when))
    : formats.dayMonthYear.format(new Date(when));
}

export const sameDay = (one: When, other: When): boolean => startOfDay(one) === startOfDay(other);

/** For a row of the list: 09:26, Mon, 3 Nov. */
export function shortTime(when: When, now: number): string {
  const days = daysBetween(when, now);
  if (days === 0) return clock(when);
  return days > 0 && days < 7 ? formats.weekdayShort.format(new Date(when)) : formats.dayMonth.format(new Date(when));
}

/** For a sentence: 09:26, Monday 09:26, 3 November 2026. */
export function longTime(when: When, now: number): string {
  const days = daysBetween(when, now);
  if (days === 0) return clock(when);
  return days > 0 && days < 7 ? `${formats.weekdayLong.format(new Date(when))} ${clock(when)}` : dateOf(when);
}

/** What a clock shows in that time zone at that moment. */
export const clockIn = (timeZone: string, when: When): string => formats.clockIn(timeZone).format(new Date(when));

/** Of what is to come, for a sentence: today at 18:00, tomorrow at 09:00, Monday at 09:00, 3 December 2026 at 09:00. */
export function comingTime(when: When, now: number): string {
  const days = daysBetween(now, when);
  const at = clock(when);
  if (days === 0) return words.timeline.todayAt(at);
  if (days === 1) return words.timeline.tomorrowAt(at);
  return words.timeline.dayAt(days > 1 && days < 7 ? formats.weekdayLong.format(new Date(when)) : dateOf(when), at);
}

export const dateOf = (when: When): string => formats.dayMonthYear.format(new Date(when));
/** Tuesday, 24 November 2026 at 09:26 */
export const fullTime = (when: When): string => formats.full.format(new Date(when));
