import { words } from './words.ts';

/** The reader's English, for the order of day and month and for 12 or 24 hours; the words around it are English. */
const locale = globalThis.navigator?.languages?.find(language => language.startsWith('en')) ?? 'en-GB';
const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);

const clockFormat = format({ hour: '2-digit', minute: '2-digit' });
const weekdayShort = format({ weekday: 'short' });
const weekdayLong = format({ weekday: 'long' });
const dayMonth = format({ day: 'numeric', month: 'short' });
const dayMonthLong = format({ weekday: 'long', day: 'numeric', month: 'long' });
const dayMonthYear = format({ day: 'numeric', month: 'long', year: 'numeric' });
const fullFormat = format({ dateStyle: 'full', timeStyle: 'short' });

type When = string | number | Date;
const startOfDay = (when: When) => new Date(when).setHours(0, 0, 0, 0);
/** Whole days between two moments by the calendar, not by 24 hours: a change of clocks does not matter. */
const daysBetween = (from: When, to: When) => Math.round((startOfDay(to) - startOfDay(from)) / 86_400_000);

/** 09:26 */
export const clock = (when: When): string => clockFormat.format(new Date(when));

/** What the day line says, and its key: Today, Yesterday, the weekday within 6 days, then the date. */
export function dayName(when: When, now: number): string {
  const days = daysBetween(when, now);
  if (days === 0) return words.timeline.today;
  if (days === 1) return words.timeline.yesterday;
  if (days > 1 && days < 7) return weekdayLong.format(new Date(when));
  return new Date(when).getFullYear() === new Date(now).getFullYear()
    ? dayMonthLong.format(new Date(when))
    : dayMonthYear.format(new Date(when));
}

export const sameDay = (one: When, other: When): boolean => startOfDay(one) === startOfDay(other);

/** For a row of the list: 09:26, Mon, 3 Nov. */
export function shortTime(when: When, now: number): string {
  const days = daysBetween(when, now);
  if (days === 0) return clock(when);
  return days > 0 && days < 7 ? weekdayShort.format(new Date(when)) : dayMonth.format(new Date(when));
}

/** For a sentence: 09:26, Monday 09:26, 3 November 2026. */
export function longTime(when: When, now: number): string {
  const days = daysBetween(when, now);
  if (days === 0) return clock(when);
  return days > 0 && days < 7 ? `${weekdayLong.format(new Date(when))} ${clock(when)}` : dateOf(when);
}

export const dateOf = (when: When): string => dayMonthYear.format(new Date(when));
/** Tuesday, 24 November 2026 at 09:26 */
export const fullTime = (when: When): string => fullFormat.format(new Date(when));
