import type { Settings } from '@carpenter/protocol';

export interface Preset {
  readonly name: 'inAnHour' | 'tonight' | 'tomorrow' | 'nextWeek';
  readonly at: Date;
}

const evening = 18;
const morning = 9;
const firstDay = { monday: 1, saturday: 6, sunday: 0 } as const;

/** Times that one often wants, by one's own clock; those that are near or past are left out. */
export function presetsAt(now: Date, weekStart: Settings['weekStart']): readonly Preset[] {
  const at = (days: number, hour: number) => {
    const day = new Date(now);
    day.setDate(day.getDate() + days);
    day.setHours(hour, 0, 0, 0);
    return day;
  };
  const inAnHour = new Date(now);
  inAnHour.setHours(now.getHours() + 1, now.getMinutes(), 0, 0);
  const toFirst = ((firstDay[weekStart] - now.getDay() + 6) % 7) + 1;
  const tonight = at(0, evening);
  const tomorrow = at(1, morning);
  const nextWeek = at(toFirst, morning);
  return [
    { name: 'inAnHour', at: inAnHour },
    ...(tonight.getTime() - now.getTime() > 7_200_000 ? [{ name: 'tonight' as const, at: tonight }] : []),
    { name: 'tomorrow', at: tomorrow },
    ...(toFirst > 1 ? [{ name: 'nextWeek' as const, at: nextWeek }] : []),
  ];
}

const two = (count: number) => String(count).padStart(2, '0');
/** As fields of a day and a time take it: `2026-11-24` and `09:26`. */
export const inFields = (at: Date): { day: string; time: string } => ({
  day: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
  time: `${two(at.getHours())}:${two(at.getMinutes())}`,
});

/** @returns undefined: one of the two is missing */
export function fromFields(day: string, time: string): Date | undefined {
  const at = new Date(`${day}T${time}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
