import type { Settings } from '@carpenter/protocol';

export const ends = ['never', 'in30', 'in60', 'in240', 'today', 'week'] as const;
export type End = (typeof ends)[number];

const inMinutes = { in30: 30, in60: 60, in240: 240 } as const;
const firstDay = { monday: 1, saturday: 6, sunday: 0 } as const;

/** When a status chosen now ends: tonight and the end of the week are midnights of one's own clock. */
export function endOf(end: End, now: Date, weekStart: Settings['weekStart']): Date | undefined {
  if (end === 'never') return undefined;
  if (end === 'today') return midnightIn(now, 1);
  if (end === 'week') return midnightIn(now, ((firstDay[weekStart] - now.getDay() + 6) % 7) + 1);
  return new Date(now.getTime() + inMinutes[end] * 60_000);
}

function midnightIn(now: Date, days: number): Date {
  const at = new Date(now);
  at.setDate(at.getDate() + days);
  at.setHours(0, 0, 0, 0);
  return at;
}
