import { effects } from './effects.ts';
import { timeLost } from './faults.ts';
import { outcomeOf } from './figures.ts';
import type { Find } from './finding.ts';
import { type Ledger, stall } from './ledger.ts';
import { firstWhere } from './steps.ts';

const backWithinMs = 10_000;
const leastShare = 0.8;
/** Whoever stands still for more of the time hears too much too late to say who was late. */
const mostStill = 0.05;

/** Something happened, everything that was asked for, and after each fault it went on. A run without that proves nothing. */
export function alive(ledger: Ledger, find: Find): number {
  const { began, ended, faults, sent, lines } = ledger;
  if (!began) find('no beginning', 'The history does not say of which run it is.', {}, lines > 0 ? 1 : undefined);
  if (!ended) find('history cut off', 'Its writer did not come to its end.', {}, lines);
  if (sent.length === 0) find('empty run', 'Nothing was sent.', {});
  for (const name of began?.faults ?? []) {
    if (began?.without[name] !== undefined || faults.some(fault => fault.name === name)) continue;
    find('fault never came', `${name} was asked for.`, {}, 1);
  }
  const answered = sent.filter(({ tries }) => outcomeOf(tries.map(tried => tried.outcome?.is)) !== 'info');
  if (answered.length < sent.length * leastShare) {
    find('too little answered', `${answered.length} of ${sent.length} messages were acknowledged or refused.`, {});
  }
  effects(ledger, find);
  stoodStill(ledger, find);
  recovered(ledger, find);
  return sent.length;
}

/** While this very process stands still, nobody is late: a run of which that is much excuses everything. */
function stoodStill({ began, faults, lastT }: Ledger, find: Find): void {
  const stalls = faults.filter(({ name }) => name === stall);
  const stillMs = stalls.reduce((sum, { on, off }) => sum + Math.min(off, lastT) - on, 0);
  const share = stillMs / (lastT - (began?.t ?? 0));
  if (share <= mostStill) return;
  const words = `The run itself stood still for ${(stillMs / 1_000).toFixed(1)} s, ${Math.round(share * 100)} % of its time.`;
  find('the machine was too busy to judge', words, {}, ...stalls.slice(0, 3).map(({ line }) => line));
}

function recovered(ledger: Ledger, find: Find): void {
  const { faults, tries, lastT } = ledger;
  const lost = timeLost({ ...ledger, faults: faults.filter(fault => !fault.clients) }, 'any');
  const sends = tries.filter(tried => tried.op === 'send');
  const oks = sends.flatMap(({ outcome }) => (outcome?.is === 'ok' ? [outcome.t] : [])).sort((a, b) => a - b);
  for (const { name, off, line } of faults) {
    const began = sends[firstWhere(sends, tried => tried.t >= off)];
    if (!began) continue; // the last fault may be mended after the last message
    const ok = oks[firstWhere(oks, t => t >= began.t)] ?? lastT;
    if (ok - began.t - lost('', began.t, ok) <= backWithinMs) continue;
    find(
      'not back after a fault',
      `After ${name} nothing was acknowledged for ${Math.round(ok - off)} ms.`,
      {},
      line,
      began.line,
    );
  }
}
