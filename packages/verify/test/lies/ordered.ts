import { byTime, delivered, isSame, type Lie, last, lie, of, pick, rows, some, stored, swap } from './lie.ts';

export const ordered: readonly Lie[] = [
  lie('two messages at one place', (entries, random) => {
    const entry = some(random, delivered(entries));
    const other = some(
      random,
      stored(entries).filter(({ conv, row }) => conv === entry?.conv && row.id !== entry.row.id),
    );
    if (!entry || !other) return undefined;
    return rows(entries, (row, e) => (isSame(e, entry) ? { ...row, seq: other.row.seq } : row));
  }),
  lie('message at two places', (entries, random) => {
    const entry = some(random, delivered(entries));
    return entry && rows(entries, (row, e) => (isSame(e, entry) ? { ...row, seq: row.seq + 1_000_000 } : row));
  }),
  lie('gap in the order', (entries, random) => {
    const { id } = some(random, stored(entries))?.row ?? {};
    return id === undefined ? undefined : rows(entries, row => (row.id === id ? undefined : row));
  }),
  lie('order of time broken', (entries, random) => {
    const receipts = new Set(of(entries, 'receipt').map(({ conv, delivered: seq }) => `${conv} ${seq}`));
    const all = stored(entries);
    const earlier = some(
      random,
      all.filter(({ conv, row }) => !receipts.has(`${conv} ${row.seq}`)),
    );
    const later = all.find(({ conv, row }) => conv === earlier?.conv && row.seq > earlier.row.seq);
    if (!earlier || !later) return undefined;
    const moved = swap(entries, earlier.invoke, { ...earlier.invoke, over: 'http', t: later.ok.t + 0.01 });
    return byTime(swap(moved, earlier.ok, { ...earlier.ok, t: Math.max(earlier.ok.t, later.ok.t + 0.02) }));
  }),
  lie('order of a connection broken', (entries, random) => {
    const all = stored(entries);
    const pairs = all.flatMap(a => {
      const b = all.find(one => one.ok.p === a.ok.p && one.conv === a.conv && one.row.seq > a.row.seq);
      const crossed =
        b &&
        b.invoke.t < a.ok.t &&
        !all.some(({ conv, row, ok }) => conv === a.conv && row.seq > a.row.seq && ok.t < b.invoke.t);
      return crossed ? [{ a, b }] : [];
    });
    const { a, b } = pick(random, pairs);
    const moved = swap(entries, a.invoke, { ...b.invoke, ...a.invoke, t: b.invoke.t });
    return byTime(swap(moved, b.invoke, { ...b.invoke, t: a.invoke.t }));
  }),
  lie('one rev in two states', (entries, random) => {
    const entry = some(random, delivered(entries));
    return entry && rows(entries, (row, e) => (isSame(e, entry) ? { ...row, state: 'other' } : row));
  }),
  lie('one rev for two messages', (entries, random) => {
    const view = pick(
      random,
      of(entries, 'final').filter(({ how }) => how === 'view'),
    );
    const [a, b] = random
      .shuffle(view.rows)
      .slice(0, 2)
      .sort((one, other) => one.rev - other.rev);
    if (!a || !b) return undefined;
    return rows(entries, (row, e) => (e === view && row.id === a.id ? { ...row, rev: b.rev } : row));
  }),
  lie('event and message apart', (entries, random) => {
    const entry = some(random, delivered(entries));
    return entry && rows(entries, (row, e) => (isSame(e, entry) ? { ...row, rev: row.rev + 1_000_000 } : row));
  }),
  lie('change shown without its message', (entries, random) => {
    const entry = some(random, delivered(entries));
    return entry && rows(entries, (row, e) => (isSame(e, entry) ? undefined : row));
  }),
  lie('mark fell', (entries, random) => {
    const crashes = of(entries, 'fault').filter(fault => fault.crashes); // which may lose what was told just before
    const receipt = some(
      random,
      of(entries, 'receipt').filter(
        ({ delivered: seq, t }) => seq > 1 && crashes.every(crash => Math.abs(crash.t - t) > 1_000),
      ),
    );
    if (!receipt) return undefined;
    const { delivered: seq, read } = receipt;
    return swap(entries, receipt, receipt, { ...receipt, delivered: seq - 1, read: read - 1 });
  }),
  // longer ago than what a crash may lose
  lie('mark fell', (entries, random) => {
    const receipt = pick(
      random,
      of(entries, 'receipt').filter(({ read }) => read > 0),
    );
    const on = of(entries, 'fault').find(({ crashes, t }) => crashes && t > receipt.t + 1_000)?.t;
    const { p, conv, user, read } = receipt;
    const later = of(entries, 'receipt').some(
      one => one.p === p && one.conv === conv && one.user === user && one.t > receipt.t && one.t <= (on ?? 0),
    );
    if (on === undefined || later) return undefined;
    return byTime([...entries, { ...receipt, t: on + 0.1, read: read - 1 }]);
  }),
  lie('read before delivered', (entries, random) => {
    const receipt = pick(
      random,
      last(of(entries, 'receipt'), ({ p, user, conv }) => `${p} ${user} ${conv}`),
    );
    return swap(entries, receipt, { ...receipt, read: receipt.delivered + 1 });
  }),
  lie('mark beyond the last message', (entries, random) => {
    const receipt = pick(
      random,
      last(of(entries, 'receipt'), ({ p, user, conv }) => `${p} ${user} ${conv}`),
    );
    return swap(entries, receipt, { ...receipt, delivered: 1_000_000, read: 1_000_000 });
  }),
];
