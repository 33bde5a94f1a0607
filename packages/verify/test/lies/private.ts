import { aside, byTime, type Lie, lie, of, pick, quiet, some, stored, swap } from './lie.ts';

export const privately: readonly Lie[] = [
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
  lie('heard after removal', (entries, random) => {
    const out = pick(
      random,
      of(entries, 'member').filter(({ is }) => is === 'out'),
    );
    const { conv, user, t, rev } = out;
    const { p } = pick(
      random,
      of(entries, 'watch').filter(watch => watch.user === user),
    );
    // a frame of another kind that names it: as it stands now, or without saying how it stands
    const tells = [
      { type: 'ready', rev: rev + 1, t: t + 0.0001 },
      { type: 'bookmark.removed', t: Math.max(quiet(entries, random), t + 1_500) },
    ];
    const again = of(entries, 'member').some(one => one.conv === conv && one.user === user && one.t > t);
    if (again) return undefined;
    return byTime([...entries, { f: 'heard', p, conv, ...random.pick(tells) }]);
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
];
