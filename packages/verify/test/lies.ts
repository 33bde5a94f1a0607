import type { Entry, EntryOf, Row } from '../src/history.ts';
import type { Random } from '../src/world/random.ts';

// One lie for each way in which a promise can be broken, planted into an honest history at a place left to chance.

export interface Lie {
  /** The finding it must be found as, and the only one. */
  readonly title: string;
  /** @returns undefined where this history has no place for it */
  plant(entries: readonly Entry[], random: Random): Entry[] | undefined;
}

/** This history has no place for it. */
class NoPlace extends Error {}

const lie = (title: string, plant: Lie['plant']): Lie => ({
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

const of = <F extends Entry['f']>(entries: readonly Entry[], f: F): EntryOf<F>[] =>
  entries.filter((entry): entry is EntryOf<F> => entry.f === f);

const pick = <T>(random: Random, list: readonly T[]): T => {
  if (list.length === 0) throw new NoPlace();
  return random.pick(list);
};
/** One of them, if there is one. */
const some = <T>(random: Random, list: readonly T[]): T | undefined =>
  list.length > 0 ? random.pick(list) : undefined;

const swap = (entries: readonly Entry[], old: Entry, ...now: Entry[]): Entry[] =>
  entries.flatMap(entry => (entry === old ? now : [entry]));
const byTime = (entries: readonly Entry[]): Entry[] => entries.toSorted((a, b) => a.t - b.t);

/** Each row of every entry, changed; without what becomes undefined. */
function rows(entries: readonly Entry[], change: (row: Row, entry: Entry) => Row | undefined): Entry[] {
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
const inNodes = (entry: Entry): boolean => entry.f === 'final' && entry.how !== 'view';

interface Stored {
  readonly conv: string;
  readonly invoke: EntryOf<'invoke'>;
  readonly ok: EntryOf<'ok'>;
  readonly row: Row;
}
/** Messages that were acknowledged at their first and only try, in order. */
function stored(entries: readonly Entry[]): Stored[] {
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
const aside = (entries: readonly Entry[]): Answered[] =>
  of(entries, 'ok').flatMap(ok => {
    const invoke = of(entries, 'invoke').find(({ n, p }) => n === ok.n && p === ok.p);
    return invoke && ok.row?.rev === 0 ? [{ invoke, ok, row: ok.row }] : [];
  });

/** Delivered to somebody else than its sender, with a message. */
function delivered(entries: readonly Entry[]): (EntryOf<'deliver'> & { row: Row })[] {
  const own = new Set(of(entries, 'ok').map(({ p, conv, row }) => `${p} ${conv} ${row?.rev}`));
  return of(entries, 'deliver').flatMap(entry =>
    entry.row && entry.row.text !== '' && !own.has(`${entry.p} ${entry.conv} ${entry.rev}`)
      ? [{ ...entry, row: entry.row, was: entry }]
      : [],
  );
}

/** A moment near the end, when nothing has been going on for some seconds. */
const quiet = (entries: readonly Entry[], random: Random): number =>
  (entries.at(-1)?.t ?? 0) - 500 - random.next() * 2_000;
const last = <T>(list: readonly T[], key: (item: T) => string): T[] => [
  ...new Map(list.map(item => [key(item), item])).values(),
];
const said = { code: 'overloaded', words: 'The server is busy. Try again in 1 s.' };

export const lies: readonly Lie[] = [
  lie('acknowledged message lost', (entries, random) => {
    const lost = some(random, stored(entries));
    return lost && rows(entries, (row, entry) => (inNodes(entry) && row.id === lost.row.id ? undefined : row));
  }),
  lie('acknowledged message lost', (entries, random) => {
    const { ok, row } = pick(random, aside(entries));
    return swap(entries, ok, { ...ok, row: { ...row, id: 'nowhere' } });
  }),
  lie('acknowledged message lost', (entries, random) => {
    const lost = pick(random, aside(entries)).row.id;
    return rows(entries, (row, entry) => (inNodes(entry) && row.id === lost ? undefined : row));
  }),
  lie('message shown, then lost', (entries, random) => {
    const lost = some(random, stored(entries));
    if (!lost) return undefined;
    const { t, p, n, conv } = lost.ok;
    const unknown = swap(entries, lost.ok, { f: 'info', t, p, n, op: 'send', conv, ...said });
    return rows(unknown, (row, entry) => (inNodes(entry) && row.id === lost.row.id ? undefined : row));
  }),
  lie('refused message stored', (entries, random) => {
    const { t, p, n, conv } = some(random, stored(entries))?.ok ?? {};
    if (t === undefined || p === undefined || n === undefined || conv === undefined) return undefined;
    const no = { code: 'message.too_long', words: 'A message has at most 8000 characters; this one has 9000.' };
    return entries.map(entry =>
      entry.f === 'ok' && entry.n === n ? { f: 'fail', t, p, n, op: 'send', conv, ...no } : entry,
    );
  }),
  lie('refused change happened', (entries, random) => {
    const edit = some(
      random,
      of(entries, 'ok').filter(ok => ok.op === 'edit'),
    );
    if (!edit) return undefined;
    const { t, p, n, conv } = edit;
    const no = { code: 'message.not_yours', words: 'Only its sender can change a message.' };
    return swap(entries, edit, { f: 'fail', t, p, n, op: 'edit', conv, ...no });
  }),
  lie('text that nobody wrote', (entries, random) => {
    const { ok, row } = some(random, stored(entries)) ?? {};
    return ok && row && swap(entries, ok, { ...ok, row: { ...row, text: 'other' } });
  }),
  lie('message that nobody sent', (entries, random) => {
    const { invoke, ok } = some(random, stored(entries)) ?? {};
    return invoke && entries.filter(entry => entry !== invoke && entry !== ok);
  }),
  lie('acknowledged change lost', (entries, random) => {
    const ends = new Set(of(entries, 'final').flatMap(final => final.rows.map(row => row.state)));
    const edit = some(
      random,
      of(entries, 'ok').filter(({ op, row }) => op === 'edit' && row && ends.has(row.state)),
    );
    const former = of(entries, 'deliver').find(({ row }) => row?.id === edit?.row?.id)?.row;
    if (!former || !edit) return undefined;
    return rows(entries, (row, entry) => (entry.f === 'final' && row.id === former.id ? former : row));
  }),
  lie('nodes disagree', (entries, random) => {
    const final = some(
      random,
      of(entries, 'final').filter(({ how }) => how === 'changes'),
    );
    const changed = final?.rows.find(row =>
      of(entries, 'deliver').some(d => d.row?.id === row.id && d.row.rev < row.rev),
    );
    const former = of(entries, 'deliver').find(({ row }) => row?.id === changed?.id)?.row;
    if (!former || !final) return undefined;
    return swap(entries, final, { ...final, rows: final.rows.map(row => (row === changed ? former : row)) });
  }),
  lie('conversation not read in the end', (entries, random) => {
    const { conv } = pick(random, of(entries, 'final'));
    return entries.filter(entry => entry.f !== 'final' || entry.conv !== conv);
  }),

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
    const receipt = some(
      random,
      of(entries, 'receipt').filter(({ delivered: seq }) => seq > 1),
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
  lie('change shown too late', (entries, random) => shownLate(entries, random)?.told),
  // whoever does not say when it asked is not excused by a fault that is in the way of answers
  lie('change shown too late', (entries, random) => {
    const late = shownLate(entries, random);
    if (!late) return undefined;
    const fault = { f: 'fault', n: 1_000_000, name: 'pool-starved' } as const;
    const on = { ...fault, t: late.t, is: 'on' } as const;
    return byTime([
      ...late.told.map(one => (one.f === 'sync' ? { ...one, asked: undefined } : one)),
      on,
      { ...on, t: late.t + 5_999, is: 'off' },
    ]);
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

  lie('heard after removal', (entries, random) => {
    const out = some(
      random,
      of(entries, 'member').filter(({ is }) => is === 'out'),
    );
    const users = new Map(of(entries, 'watch').map(watch => [watch.p, watch.user]));
    const told = of(entries, 'deliver').filter(({ conv, rev }) => conv === out?.conv && rev === out.rev);
    const removal = told.find(one => users.get(one.p) === out?.user);
    const line = of(entries, 'deliver').find(({ conv, rev }) => conv === out?.conv && rev === out.rev + 1);
    return line && removal && byTime([...entries, { ...line, p: removal.p, t: removal.t + 0.0001 }]);
  }),
  lie('foreign conversation heard', (entries, random) => {
    const { p, conv, t } = pick(
      random,
      of(entries, 'invoke').filter(({ op }) => op === 'probe'),
    );
    const heard = { f: 'heard', t, p, conv, type: 'typing' } as const;
    const user = of(entries, 'watch').find(watch => watch.p === p)?.user;
    if (of(entries, 'member').some(member => member.conv === conv && member.user === user)) return undefined;
    return byTime([...entries, heard]);
  }),
  lie('foreign conversation answered', (entries, random) => {
    const no = pick(
      random,
      of(entries, 'fail').filter(({ op }) => op === 'probe'),
    );
    const { t, p, n, op, conv } = no;
    return swap(entries, no, { f: 'ok', t, p, n, op, conv });
  }),
  lie('foreign conversation told apart', (entries, random) => {
    const no = pick(
      random,
      of(entries, 'fail').filter(({ op }) => op === 'probe'),
    );
    return swap(entries, no, { ...no, code: 'member.not_allowed', words: 'Your role does not allow that.' });
  }),
  lie('message of a stranger stored', (entries, random) => {
    const syncs = new Set(of(entries, 'sync').map(({ conv, rev }) => `${conv} ${rev}`));
    const users = new Map(of(entries, 'watch').map(watch => [watch.p, watch.user]));
    const one = some(
      random,
      stored(entries).filter(({ conv, row }) => !syncs.has(`${conv} ${row.rev}`)),
    );
    const user = users.get(one?.ok.p ?? '');
    if (!one || user === undefined || user === 'user0') return undefined;
    const { conv } = one;
    const { t } = one.ok;
    return byTime([
      ...entries,
      { f: 'member', t, conv, user, is: 'out', rev: one.row.rev },
      { f: 'member', t, conv, user, is: 'in', rev: one.row.rev + 1 },
    ]);
  }),
  lie('message of a stranger stored', (entries, random) => {
    const { invoke, ok } = pick(random, aside(entries));
    const members = new Set(of(entries, 'member').flatMap(({ conv, user }) => (conv === ok.conv ? [user] : [])));
    const { p } = pick(
      random,
      of(entries, 'watch').filter(({ user }) => !members.has(user)),
    );
    const stranger = { p, n: 1_000_000 };
    return byTime([...entries, { ...invoke, ...stranger }, { ...ok, ...stranger }]);
  }),
  lie('acknowledged without its rev', (entries, random) => {
    const users = new Map(of(entries, 'watch').map(watch => [watch.p, watch.user]));
    const moves = of(entries, 'member');
    const { ok, row } = pick(
      random,
      stored(entries).filter(({ conv, invoke }) =>
        moves.every(one => one.conv !== conv || one.user !== users.get(invoke.p) || one.t < invoke.t),
      ),
    );
    return swap(entries, ok, { ...ok, row: { ...row, rev: 0 }, dup: true });
  }),

  lie('silent end', (entries, random) => {
    const { p, node } = pick(random, of(entries, 'open'));
    const t = quiet(entries, random);
    const end = { f: 'close', t, p, code: 1006, words: '', by: 'nobody' } as const;
    return byTime([...entries, end, { f: 'open', t: t + 1, p, node }]);
  }),
  lie('silent end', (entries, random) => {
    const { p, node } = pick(random, of(entries, 'open'));
    const t = quiet(entries, random);
    const fault = { f: 'fault', n: 1_000_000, name: 'restart-postgres' } as const; // which leaves connections alone
    return byTime([
      ...entries,
      { ...fault, t: t - 1, is: 'on' },
      { f: 'close', t, p, code: 1006, words: '', by: 'nobody' },
      { f: 'open', t: t + 1, p, node },
      { ...fault, t: t + 2, is: 'off' },
    ]);
  }),
  lie('unknown close code', (entries, random) => {
    const { p, node } = pick(random, of(entries, 'open'));
    const t = quiet(entries, random);
    const end = { f: 'close', t, p, code: 4999, words: 'Because.', by: 'server' } as const;
    return byTime([...entries, end, { f: 'open', t: t + 1, p, node }]);
  }),
  lie('end without words', (entries, random) => {
    const { p, node } = pick(random, of(entries, 'open'));
    const t = quiet(entries, random);
    const end = { f: 'close', t, p, code: 4408, words: '', by: 'server' } as const;
    return byTime([...entries, end, { f: 'open', t: t + 1, p, node }]);
  }),
  lie('refusal without words', (entries, random) => {
    const no = pick(random, of(entries, 'fail'));
    return swap(entries, no, { ...no, words: '' });
  }),
  lie('unknown refusal', (entries, random) => {
    const no = pick(
      random,
      of(entries, 'fail').filter(({ op }) => op !== 'probe'),
    );
    return swap(entries, no, { ...no, code: 'made.up' });
  }),
  lie('no answer', (entries, random) => {
    const { p, conv, seq } = pick(
      random,
      of(entries, 'invoke').filter(({ op }) => op === 'react'),
    );
    const tried = { p, n: 1_000_000, op: 'react', conv } as const;
    const t = quiet(entries, random);
    const invoke = { f: 'invoke', t, ...tried, ...(seq !== undefined && { seq }) } as const;
    const info = { f: 'info', t: t + 100, ...tried, code: 'timeout', words: '' } as const;
    return byTime([...entries, invoke, ...(random.next() < 0.5 ? [info] : [])]);
  }),

  lie('no beginning', entries => entries.filter(({ f }) => f !== 'began')),
  lie('history cut off', entries => entries.slice(0, -1)),
  lie('empty run', entries => entries.filter(({ f }) => f === 'began' || f === 'fault' || f === 'ended')),
  lie('fault never came', entries =>
    entries.map(entry => (entry.f === 'began' ? { ...entry, faults: [...entry.faults, 'kill-node'] } : entry)),
  ),
  lie('too little answered', entries =>
    entries.map((entry): Entry => {
      if (entry.f !== 'ok' || entry.op !== 'send' || entry.n % 2 === 0) return entry;
      const { t, p, n, op, conv } = entry;
      return { f: 'info', t, p, n, op, conv, ...said };
    }),
  ),
  lie('not back after a fault', (entries, random) => {
    const { p, conv } = pick(random, of(entries, 'watch'));
    const t = quiet(entries, random);
    const fault = { f: 'fault', n: 1_000_000, name: 'freeze-node' } as const;
    const tried = { p, n: 1_000_000, op: 'send', conv } as const;
    const moved = entries.map(entry => (entry.f === 'final' || entry.f === 'ended' ? later(entry, 20_000) : entry));
    return byTime([
      ...moved,
      { ...fault, t, is: 'on' },
      { ...fault, t: t + 10, is: 'off' },
      { f: 'invoke', t: t + 20, ...tried, clientId: 'late', text: 'late' },
      { f: 'info', t: t + 15_000, ...tried, ...said },
    ]);
  }),
];

const placeOf = ({ p, conv }: { p: string; conv: string }): string => `${p} ${conv}`;

const isSame = (entry: Entry, one: EntryOf<'deliver'>): boolean =>
  entry.f === 'deliver' && entry.t === one.t && entry.p === one.p && entry.conv === one.conv && entry.rev === one.rev;

/** From one delivery on, at `t`, everything is six seconds later. */
function shownLate(entries: readonly Entry[], random: Random): { told: Entry[]; t: number } | undefined {
  const entry = some(
    random,
    delivered(entries).filter(({ t }) => !faulty(entries, t)),
  );
  const from = entries.findIndex(one => entry && isSame(one, entry));
  if (!entry || !knownBefore(entries, from, entry)) return undefined;
  if (of(entries, 'sync').some(({ asked = 0, t }) => asked <= entry.t && t >= entry.t)) return undefined;
  return { told: entries.map((one, i) => (i < from ? one : later(one, 6_000))), t: entry.t };
}

const later = (entry: Entry, ms: number): Entry => ({
  ...entry,
  t: entry.t + ms,
  ...(entry.f === 'sync' && entry.asked !== undefined && { asked: entry.asked + ms }),
});

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
