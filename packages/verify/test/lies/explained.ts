import type { Entry, EntryOf, Exit } from '../../src/history.ts';
import type { Random } from '../../src/world/random.ts';
import { byTime, type Lie, lie, of, pick, quiet, swap } from './lie.ts';

export const explained: readonly Lie[] = [
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
  lie('silence without a fault', (entries, random) => byTime([...entries, ...wentSilently(entries, random)])),
  lie('silence without a fault', (entries, random) => {
    const ends = wentSilently(entries, random);
    const t = (ends[0]?.t ?? 0) - 500;
    const fault = { f: 'fault', n: 1_000_000, name: 'freeze-node', frozen: true, cuts: true } as const; // too short for it
    return byTime([...entries, { ...fault, t, is: 'on' }, { ...fault, t: t + 300, is: 'off' }, ...ends]);
  }),
  lie('node did not stop in order', (entries, random) =>
    stopped(entries, random, { exit: { ms: 20_003, code: null } }),
  ),
  lie('node did not stop in order', (entries, random) => stopped(entries, random, { exit: { ms: 700, code: 1 } })),
  lie('node did not stop in time', (entries, random) => stopped(entries, random, { exit: { ms: 10_400, code: 0 } })),
  lie('silent end', (entries, random) => stopped(entries, random, { end: { code: 1006, words: '', by: 'nobody' } })),
  lie('not sent on by a node that stops', (entries, random) =>
    stopped(entries, random, { end: { code: 1011, words: 'Something went wrong on the server.', by: 'server' } }),
  ),
  lie('under way, and not answered', (entries, random) => {
    const told = stopped(entries, random, {});
    const end = of(told, 'close').find(({ code, t }) => code === 1012 && t > (entries.at(-1)?.t ?? 0) - 3_000);
    const watch = of(entries, 'watch').find(({ p }) => p === end?.p);
    if (!end || !watch) return undefined;
    const tried = { p: end.p, n: 1_000_000, op: 'react', conv: watch.conv } as const;
    const lost = { code: 'connection.lost', words: 'The connection ended (1012).' };
    const [invoke, info] = [end.t - 1_010, end.t - 0.01];
    return byTime([...told, { f: 'invoke', t: invoke, ...tried, seq: 1 }, { f: 'info', t: info, ...tried, ...lost }]);
  }),
  lie('unknown close code', (entries, random) => {
    const { p, node } = pick(random, of(entries, 'open'));
    const t = quiet(entries, random);
    const end = { f: 'close', t, p, code: 4999, words: 'Because.', by: 'server' } as const;
    return byTime([...entries, end, { f: 'open', t: t + 1, p, node }]);
  }),
  ...(['frame', 'answer'] as const).map(what =>
    lie(`${what} outside the protocol`, (entries, random) => {
      const { p } = pick(random, of(entries, 'open'));
      const words = 'message.created: ✖ Invalid input: expected number, received undefined → at seq';
      return byTime([...entries, { f: 'outside', t: quiet(entries, random), p, what, words }]);
    }),
  ),
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
  lie('unknown refusal', (entries, random) => {
    const lost = of(entries, 'info').filter(({ code }) => code === 'connection.lost'); // which a fault excuses
    const no = pick(random, lost);
    return swap(entries, no, { ...no, code: 'made.up', words: 'Because.' });
  }),
  lie('unknown refusal', (entries, random) => {
    const { p } = pick(random, of(entries, 'open'));
    return byTime([
      ...entries,
      { f: 'refused', t: quiet(entries, random), p, code: 'http.502', words: 'Bad gateway.' },
    ]);
  }),
  lie('refusal without words', (entries, random) => {
    const { p } = pick(random, of(entries, 'open'));
    return byTime([...entries, { f: 'refused', t: quiet(entries, random), p, code: 'rate.exceeded', words: ' ' }]);
  }),
  lie('no answer', (entries, random) => {
    const { p, conv, seq } = pick(
      random,
      of(entries, 'invoke').filter(({ op }) => op === 'react'),
    );
    const tried = { p, n: 1_000_000, op: 'react', conv } as const;
    const t = quiet(entries, random);
    const invoke = { f: 'invoke', t, ...tried, ...(seq !== undefined && { seq }) } as const;
    const info = { f: 'info', t: t + 100, ...tried, code: 'connection.lost', words: 'No answer came.' } as const;
    return byTime([...entries, invoke, ...(random.next() < 0.5 ? [info] : [])]);
  }),
];

/** Somebody hears nothing more, goes and comes back. */
function wentSilently(entries: readonly Entry[], random: Random): Entry[] {
  const { p, node } = pick(random, of(entries, 'open'));
  const t = quiet(entries, random);
  const silentMs = 1_000;
  const words = 'Nothing came for 1000 ms.';
  return [
    { f: 'close', t, p, code: 1006, words, by: 'us', silentMs },
    { f: 'open', t: t + 1, p, node },
  ];
}

/** A node stops in order, and one client is ended by it. */
function stopped(
  entries: readonly Entry[],
  random: Random,
  {
    exit = { ms: 900, code: 0 },
    end = { code: 1012, words: 'This server restarts.', by: 'server' },
  }: { exit?: Exit; end?: Pick<EntryOf<'close'>, 'code' | 'words' | 'by'> },
): Entry[] {
  const { p, node } = pick(random, of(entries, 'open'));
  const t = quiet(entries, random);
  const fault = { f: 'fault', n: 1_000_000, name: 'restart-node' } as const;
  return byTime([
    ...entries,
    { ...fault, t, is: 'on' },
    { f: 'close', t: t + 10, p, ...end },
    { ...fault, t: t + 100, is: 'off', exit },
    { f: 'open', t: t + 101, p, node },
  ]);
}
