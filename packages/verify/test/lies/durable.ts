import { aside, byTime, inNodes, type Lie, lie, of, pick, rows, said, some, stored, swap } from './lie.ts';

export const durable: readonly Lie[] = [
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
  lie('acknowledged change missing', (entries, random) => {
    const { conv, user, is, t } = pick(random, of(entries, 'member'));
    return byTime([...entries, { f: 'untold', t, conv, user, is }]);
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
];
