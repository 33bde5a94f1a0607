import { type Fault, type Ledger, upsert } from './ledger.ts';
import { firstWhere } from './steps.ts';

/** What a fault ends is noticed within a second; in runs of ten minutes with 200 clients on two cores it took a tenth of that. */
const noticedWithinMs = 1_000;

const hits = ({ clients }: Fault, p: string): boolean => !clients || clients.has(p);

/** Whether a fault may have cut this client off at that moment. */
export const mayBeCut = (ledger: Ledger, p: string, t: number): boolean =>
  duringFault({ ...ledger, faults: ledger.faults.filter(({ cuts }) => cuts) }, p, t, t);

/** Whether a fault that hits this client explains what it met between two moments. */
export const duringFault = ({ faults }: Ledger, p: string, from: number, to: number): boolean =>
  faults.some(fault => hits(fault, p) && fault.on - noticedWithinMs <= to && from <= fault.off + noticedWithinMs);

/** How much of a time a fault was on for this client, or, of those that let nothing move, only `frozen` ones. */
export type TimeLost = (p: string, from: number, to: number) => number;

export function timeLost({ faults }: Ledger, only: 'any' | 'frozen'): TimeLost {
  const counted = faults.filter(fault => only === 'any' || fault.frozen);
  const byClient = new Map<string, { from: number; to: number }[]>();
  return (p, from, to) => {
    if (counted.length === 0) return 0;
    const spans = upsert(byClient, p, () => merged(counted.filter(fault => hits(fault, p))));
    let lost = 0;
    for (let i = firstWhere(spans, span => span.to > from); i < spans.length; i += 1) {
      const span = spans[i];
      if (!span || span.from >= to) break;
      lost += Math.min(to, span.to) - Math.max(from, span.from);
    }
    return lost;
  };
}

function merged(faults: readonly Fault[]): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = [];
  for (const { on, off } of faults.toSorted((a, b) => a.on - b.on)) {
    const last = spans.at(-1);
    if (last && on <= last.to) last.to = Math.max(last.to, off);
    else spans.push({ from: on, to: off });
  }
  return spans;
}
