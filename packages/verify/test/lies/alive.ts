import type { Entry } from '../../src/history.ts';
import { byTime, type Lie, later, lie, of, pick, quiet, said } from './lie.ts';

export const alive: readonly Lie[] = [
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
  lie('the machine was too busy to judge', (entries, random) => {
    const t = quiet(entries, random) - 1_500;
    const fault = { f: 'fault', n: 1_000_000, name: 'stall', frozen: true } as const;
    return byTime([...entries, { ...fault, t, is: 'on' }, { ...fault, t: t + t / 10, is: 'off' }]);
  }),
  lie('fault without an effect', (entries, random) => {
    const unknown = new Set(of(entries, 'info').map(({ n }) => n));
    const tries = of(entries, 'invoke').filter(({ op }) => op !== 'probe');
    const from = random.whole(0, tries.length);
    const meanwhile = tries.slice(from, from + 30);
    const [first, last] = [meanwhile[0], meanwhile.at(-1)];
    if (!first || !last || meanwhile.length < 30 || meanwhile.some(({ n }) => unknown.has(n))) return undefined;
    const fault = { f: 'fault', n: 1_000_000, name: 'disk-full', crashes: true } as const;
    return byTime([...entries, { ...fault, t: first.t, is: 'on' }, { ...fault, t: last.t, is: 'off' }]);
  }),
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
