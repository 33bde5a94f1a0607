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
