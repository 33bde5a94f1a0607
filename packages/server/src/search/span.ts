import type { SearchQuery } from '@carpenter/protocol';

/** A stretch of time in milliseconds, `to` exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const always: Span = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** What `before`, `after` and `during` leave, by the days of a time zone. */
export function spanOf({ before, after, during }: SearchQuery, zone: string, now: number): Span {
  const parts = [
    before === undefined ? always : { from: 0, to: dayOf(before, zone, now).from },
    after === undefined ? always : { from: dayOf(after, zone, now).to, to: always.to },
    during === undefined ? always : dayOf(during, zone, now),
  ];
  return { from: Math.max(...parts.map(part => part.from)), to: Math.min(...parts.map(part => part.to)) };
}

/** A day, month or year, as `isDay` knows them. */
function dayOf(name: string, zone: string, now: number): Span {
  const today = localDay(zone, now);
  const [year = 1970, month, day] =
    name === 'today' ? today : name === 'yesterday' ? [today[0], today[1], today[2] - 1] : name.split('-').map(Number);
  if (month === undefined) return { from: begin(zone, year, 1, 1), to: begin(zone, year + 1, 1, 1) };
  if (day === undefined) return { from: begin(zone, year, month, 1), to: begin(zone, year, month + 1, 1) };
  return { from: begin(zone, year, month, day), to: begin(zone, year, month, day + 1) };
}

/** When a day begins there. Months and days may run over, as in `Date.UTC`. */
function begin(zone: string, year: number, month: number, day: number): number {
  const utc = Date.UTC(year, month - 1, day);
  const first = utc - offset(zone, utc);
  return utc - offset(zone, first); // once more, for days on which clocks are changed
}

/** How far the clocks there are ahead of UTC. */
function offset(zone: string, at: number): number {
  const { year, month, day, hour, minute, second } = partsAt(zone, at);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
}

function localDay(zone: string, at: number): [number, number, number] {
  const { year, month, day } = partsAt(zone, at);
  return [year, month, day];
}

function partsAt(zone: string, at: number) {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  const found = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes) => found.get(name) ?? 0;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  };
}
