import type { Find } from './finding.ts';
import type { Ledger, Try } from './ledger.ts';
import { firstWhere } from './steps.ts';

/** While one of these is on, most of what is sent cannot be stored at once: of the honest runs so far, three in five tries and more. */
const inTheWay = new Set([
  'kill-node',
  'freeze-node',
  'kill-postgres',
  'restart-postgres',
  'cut-database',
  'disk-full',
]);
/** With fewer tries it may be luck. */
const enough = 20;
const atOnceMs = 250;

const wentThrough = ({ t, outcome }: Try): boolean =>
  outcome !== undefined && outcome.is !== 'info' && outcome.t - t <= atOnceMs;

/** A fault in which everything goes on as ever broke nothing, so the run proves nothing about it. */
export function effects({ faults, tries }: Ledger, find: Find): void {
  for (const { name, on, off, clients, line } of faults) {
    if (!inTheWay.has(name) || clients) continue;
    const [from, to] = [firstWhere(tries, tried => tried.t >= on), firstWhere(tries, tried => tried.t > off)];
    const meanwhile = tries.slice(from, to).filter(({ op }) => op !== 'probe');
    if (meanwhile.length < enough || !meanwhile.every(wentThrough)) continue;
    find('fault without an effect', `In ${name} all of ${meanwhile.length} tries were answered at once.`, {}, line);
  }
}
