import { type Lie, lie, of, pick, rows, some, stored, swap } from './lie.ts';

export const once: readonly Lie[] = [
  lie('message stored twice', (entries, random) => {
    const all = stored(entries);
    const first = some(random, all);
    const again = all.find(
      one => first && one !== first && one.conv === first.conv && one.ok.p === first.ok.p && one.ok.t > first.ok.t,
    );
    if (!first || !again) return undefined;
    const { clientId } = first.row;
    const tried = swap(entries, again.invoke, { ...again.invoke, clientId });
    return rows(tried, row => (row.id === again.row.id ? { ...row, clientId } : row));
  }),
  lie('message shown twice', (entries, random) => {
    const final = pick(
      random,
      of(entries, 'final').filter(({ how }) => how === 'view'),
    );
    return swap(entries, final, { ...final, rows: [...final.rows, pick(random, final.rows)] });
  }),
];
