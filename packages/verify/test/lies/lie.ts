import type { Entry, EntryOf, Row } from '../../src/history.ts';
import type { Random } from '../../src/world/random.ts';

export interface Lie {
  /** The finding it must be found as, and the only one. */
  readonly title: string;
  /** @returns undefined where this history has no place for it */
  plant(entries: readonly Entry[], random: Random): Entry[] | undefined;
}

/** This history has no place for it. */
class NoPlace extends Error {}

export const lie = (title: string, plant: Lie['plant']): Lie => ({
  title,
  plant(entries, random) {
    try {
      return plant(entries, random);
    } catch (error) {
      if (error instanceof NoPlace) return undefined;
      throw error;
    }
  },
});

export const of = <F extends Entry['f']>(entries: readonly Entry[], f: F): EntryOf<F>[] =>
  entries.filter((entry): entry is EntryOf<F> => entry.f === f);

export const pick = <T>(random: Random, list: readonly T[]): T => {
  if (list.length === 0) throw new NoPlace();
  return random.pick(list);
};
/** One of them, if there is one. */
export const some = <T>(random: Random, list: readonly T[]): T | undefined =>
  list.length > 0 ? random.pick(list) : undefined;

export const swap = (entries: readonly Entry[], old: Entry, ...now: Entry[]): Entry[] =>
  entries.flatMap(entry => (entry === old ? now : [entry]));
export const byTime = (entries: readonly Entry[]): Entry[] => entries.toSorted((a, b) => a.t - b.t);

/** Each row of every entry, changed; without what becomes undefined. */
export function rows(entries: readonly Entry[], change: (row: Row, entry: Entry) => Row | undefined): Entry[] {
  return entries.map((entry): Entry => {
    switch (entry.f) {
      case 'ok':
      case 'deliver': {
        const { row, ...rest } = entry;
        const changed = row && change(row, entry);
        return { ...rest, ...(changed && { row: changed }) };
      }
      case 'sync':
      case 'final':
        return { ...entry, rows: entry.rows.flatMap(row => change(row, entry) ?? []) };
      default:
        return entry;
    }
  });
}
export const inNodes = (entry: Entry): boolean => entry.f === 'final' && entry.how !== 'view';

interface Stored {
  readonly conv: string;
  readonly invoke: EntryOf<'invoke'>;
  readonly ok: EntryOf<'ok'>;
  readonly row: Row;
}
/** Messages that were acknowledged at their first and only try, in order. */
export function stored(entries: readonly Entry[]): Stored[] {
  const tries = new Map<string, EntryOf<'invoke'>[]>();
  for (const invoke of of(entries, 'invoke')) {
    const { clientId = '' } = invoke;
    tries.set(clientId, [...(tries.get(clientId) ?? []), invoke]);
  }
  return of(entries, 'ok').flatMap(ok => {
    const [invoke, again] = tries.get(ok.row?.clientId ?? '') ?? [];
    return ok.op === 'send' && ok.row && invoke && !again ? [{ conv: ok.conv, invoke, ok, row: ok.row }] : [];
  });
}

interface Answered {
  readonly invoke: EntryOf<'invoke'>;
  readonly ok: EntryOf<'ok'>;
  readonly row: Row;
}
/** Messages that were acknowledged to somebody who was taken out since. */
export const aside = (entries: readonly Entry[]): Answered[] =>
  of(entries, 'ok').flatMap(ok => {
    const invoke = of(entries, 'invoke').find(({ n, p }) => n === ok.n && p === ok.p);
    return invoke && ok.row?.rev === 0 ? [{ invoke, ok, row: ok.row }] : [];
  });

/** Delivered to somebody else than its sender, with a message. */
export function delivered(entries: readonly Entry[]): (EntryOf<'deliver'> & { row: Row })[] {
  const own = new Set(of(entries, 'ok').map(({ p, conv, row }) => `${p} ${conv} ${row?.rev}`));
  return of(entries, 'deliver').flatMap(entry =>
    entry.row && entry.row.text !== '' && !own.has(`${entry.p} ${entry.conv} ${entry.rev}`)
      ? [{ ...entry, row: entry.row, was: entry }]
      : [],
  );
}

/** A moment near the end, when nothing has been going on for some seconds. */
export const quiet = (entries: readonly Entry[], random: Random): number =>
  (entries.at(-1)?.t ?? 0) - 500 - random.next() * 2_000;
export const last = <T>(list: readonly T[], key: (item: T) => string): T[] => [
  ...new Map(list.map(item => [key(item), item])).values(),
];
export const said = { code: 'overloaded', words: 'The server is busy. Try again in 1 s.' };

export const isSame = (entry: Entry, one: EntryOf<'deliver'>): boolean =>
  entry.f === 'deliver' && entry.t === one.t && entry.p === one.p && entry.conv === one.conv && entry.rev === one.rev;

export const later = (entry: Entry, ms: number): Entry => ({
  ...entry,
  t: entry.t + ms,
  ...(entry.f === 'sync' && entry.asked !== undefined && { asked: entry.asked + ms }),
});
