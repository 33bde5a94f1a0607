import type { Entry, EntryOf, Row } from '../../src/history.ts';
import type { Random } from '../../src/world/random.ts';
import { byTime, delivered, isSame, type Lie, last, later, lie, of, pick, rows, some, stored, swap } from './lie.ts';

export const complete: readonly Lie[] = [
  lie('change shown again', (entries, random) => {
    const entry = pick(
      random,
      of(entries, 'deliver').filter(({ row }) => row),
    );
    return swap(entries, entry, entry, { ...entry });
  }),
  lie('gap passed over', (entries, random) => {
    const shown = [...of(entries, 'deliver'), ...of(entries, 'sync')].sort((a, b) => a.t - b.t);
    const missed = some(
      random,
      delivered(entries).filter(entry => {
        const next = shown.find(one => one.p === entry.p && one.conv === entry.conv && one.t > entry.t);
        const former = shown.find(one => one.p === entry.p && one.conv === entry.conv && one.t < entry.t);
        return former && next?.f === 'deliver' && next.rev === entry.rev + 1;
      }),
    );
    return missed && entries.filter(entry => !isSame(entry, missed));
  }),
  lie('stale answer', (entries, random) => {
    const { p, conv, rev, t } = pick(random, of(entries, 'deliver'));
    const asked = t + 0.001;
    const stale = { f: 'sync', p, conv, asked, t: asked, since: rev - 1, rev: rev - 1, lastSeq: 0, rows: [] } as const;
    return byTime([...entries, { ...stale, rows: [] }]);
  }),
  lie('answer incomplete', (entries, random) => {
    const ends = new Set(of(entries, 'final').flatMap(final => final.rows.map(row => row.state)));
    const known = new Set(of(entries, 'ok').map(ok => ok.row?.state));
    const lasting = (row: Row) => ends.has(row.state) && known.has(row.state);
    const sync = some(
      random,
      of(entries, 'sync').filter(one => one.rows.some(lasting)),
    );
    const lacking = some(random, sync?.rows.filter(lasting) ?? []);
    return sync && swap(entries, sync, { ...sync, rows: sync.rows.filter(row => row !== lacking) });
  }),
  lie('answer beyond its bounds', (entries, random) => {
    const sync = some(
      random,
      of(entries, 'sync').filter(({ since }) => since > 10),
    );
    const old = stored(entries).find(({ conv, row }) => conv === sync?.conv && row.rev <= (sync?.since ?? 0));
    if (!sync || !old || sync.rows.some(row => row.id === old.row.id)) return undefined;
    return swap(entries, sync, { ...sync, rows: [...sync.rows, old.row] });
  }),
  lie('change shown too late', (entries, random) => shownLate(entries, random)),
  // whoever does not say when it asked is excused by what is in the way of answers, and by nothing else
  lie('change shown too late', (entries, random) => {
    const told = shownLate(entries, random);
    return told?.map(one => (one.f === 'sync' ? { ...one, asked: undefined } : one));
  }),
  lie('change never shown', (entries, random) => {
    const lasts = last(
      [...of(entries, 'deliver'), ...of(entries, 'sync')].sort((a, b) => a.t - b.t),
      placeOf,
    );
    const missed = some(
      random,
      delivered(entries).filter(one => lasts.some(entry => isSame(entry, one))),
    );
    return missed && entries.filter(entry => !isSame(entry, missed));
  }),
  lie('client ends without a message', (entries, random) => {
    const view = pick(
      random,
      of(entries, 'final').filter(({ how }) => how === 'view'),
    );
    const gone = some(random, view.rows.slice(1));
    return gone && swap(entries, view, { ...view, rows: view.rows.filter(row => row !== gone) });
  }),
  lie('client ends without a conversation', (entries, random) => {
    const view = pick(
      random,
      of(entries, 'final').filter(({ how }) => how === 'view'),
    );
    const others = of(entries, 'final').some(final => final !== view && final.from === view.from);
    return others ? entries.filter(entry => entry !== view) : undefined;
  }),
  lie('client ends with an old version', (entries, random) => {
    const view = pick(
      random,
      of(entries, 'final').filter(({ how }) => how === 'view'),
    );
    const former = (row: Row) => of(entries, 'deliver').find(d => d.row?.id === row.id && d.row.rev < row.rev)?.row;
    const changed = some(random, view.rows.filter(former));
    if (!changed) return undefined;
    return rows(entries, (row, entry) => (entry === view && row.id === changed.id ? (former(row) ?? row) : row));
  }),
];

const placeOf = ({ p, conv }: { p: string; conv: string }): string => `${p} ${conv}`;

/** From one delivery on everything is six seconds later. */
function shownLate(entries: readonly Entry[], random: Random): Entry[] | undefined {
  const entry = some(
    random,
    delivered(entries).filter(({ t }) => !faulty(entries, t)),
  );
  const from = entries.findIndex(one => entry && isSame(one, entry));
  if (!entry || !knownBefore(entries, from, entry)) return undefined;
  if (of(entries, 'sync').some(({ asked = 0, t }) => asked <= entry.t && t >= entry.t)) return undefined;
  return entries.map((one, i) => (i < from ? one : later(one, 6_000)));
}

/** Whether somebody was shown this change before that place. */
const knownBefore = (entries: readonly Entry[], place: number, { conv, rev }: EntryOf<'deliver'>): boolean =>
  entries
    .slice(0, place)
    .some(
      one =>
        (one.f === 'ok' || one.f === 'deliver') &&
        one.conv === conv &&
        (one.f === 'ok' ? one.row?.rev : one.rev) === rev,
    );

const faulty = (entries: readonly Entry[], t: number): boolean =>
  of(entries, 'fault').findLast(fault => fault.t <= t)?.is === 'on';
