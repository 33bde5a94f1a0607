import { closeByCode, refusalCodes } from '@carpenter/protocol';
import { duringFault, mayBeCut } from './faults.ts';
import type { Find } from './finding.ts';
import type { Ledger, Try } from './ledger.ts';

const refusals = new Set<string>(refusalCodes);
const isListed = (code: string): boolean => refusals.has(code) || closeByCode(Number(code)) !== undefined;

/** Every end and every refusal is in the lists and has words; what just breaks, a fault of the run broke. */
export function explained(ledger: Ledger, find: Find): number {
  return closes(ledger, find) + outcomes(ledger, find);
}

function closes(ledger: Ledger, find: Find): number {
  let tried = 0;
  for (const { p, closes } of ledger.clients.values()) {
    for (const { by, code, words, t, line } of closes) {
      if (by === 'us') continue;
      tried += 1;
      if (by === 'nobody' || code === 1006 || code === 1005) {
        if (mayBeCut(ledger, p, t)) continue;
        find('silent end', `${p} was cut off (${code}), and no fault did it.`, { p }, line);
      } else if (!closeByCode(code)) {
        find('unknown close code', `${p} was closed with ${code}, "${words}".`, { p }, line);
      } else if (words.trim() === '') {
        find('end without words', `${p} was closed with ${code}.`, { p }, line);
      }
    }
  }
  return tried;
}

function outcomes(ledger: Ledger, find: Find): number {
  let tried = 0;
  for (const one of ledger.tries) {
    const { outcome, op, p, conv, clientId, seq } = one;
    // of a probe that came to nothing nobody waits to hear
    if (outcome?.is === 'ok' || (outcome?.is === 'info' && op === 'probe')) continue;
    const about = { conv, clientId, seq, p };
    if (!outcome) {
      find('no answer', `A ${op} of ${p} has no outcome.`, about, one.line);
      continue;
    }
    tried += 1;
    const { is, code = '', words = '', line } = outcome;
    if (isListed(code)) {
      if (words.trim() === '') find('refusal without words', `A ${op} was refused as ${code}.`, about, one.line, line);
    } else if (is === 'fail') {
      find('unknown refusal', `A ${op} was refused as ${code}, "${words}".`, about, one.line, line);
    } else if (!explains(ledger, one, outcome.t)) {
      find('no answer', `A ${op} of ${p} ended as ${code}, "${words}", and no fault was on.`, about, one.line, line);
    }
  }
  return tried;
}

/** Nobody answered: a fault was on, or the connection ended meanwhile, which is judged by itself. */
const explains = (ledger: Ledger, { p, t }: Try, until: number): boolean =>
  duringFault(ledger, p, t, until) ||
  (ledger.clients.get(p)?.closes.some(close => close.t >= t && close.t <= until + 1_000) ?? false);
