import { closeByCode, refusalCodes } from '@carpenter/protocol';
import { duringFault, mayBeCut, timeLost } from './faults.ts';
import type { About, Find } from './finding.ts';
import type { Ledger, Try } from './ledger.ts';
import { stops } from './stops.ts';

const refusals = new Set<string>(refusalCodes);
/** What clients of a run write down where nobody said anything, in words of their own. */
const unanswered = new Set(['connection.lost', 'network.unreachable', 'client.closed', 'session.none', 'member.now']);

/** Whatever is said is of the protocol, every end and every refusal in its lists and with words; what just breaks, a fault of the run broke. */
export function explained(ledger: Ledger, find: Find): number {
  outside(ledger, find);
  stops(ledger, find);
  return closes(ledger, find) + upgrades(ledger, find) + outcomes(ledger, find);
}

function outside({ clients }: Ledger, find: Find): void {
  for (const { p, outside } of clients.values()) {
    for (const { what, words, line } of outside) {
      find(`${what} outside the protocol`, `${p} got it: ${words}`, { p }, line);
    }
  }
}

function closes(ledger: Ledger, find: Find): number {
  let tried = 0;
  const lost = timeLost(ledger, 'frozen');
  for (const { p, closes } of ledger.clients.values()) {
    for (const { by, code, words, t, silentMs, line } of closes) {
      if (by === 'us' && silentMs === undefined) continue;
      tried += 1;
      if (silentMs !== undefined) {
        // a node says something at least twice in that time: with nothing in the way for two thirds of it, it fell silent
        if (lost(p, t - silentMs, t) >= silentMs / 3) continue;
        const words = `${p} heard nothing for ${silentMs} ms and went; nothing was in the way for that.`;
        find('silence without a fault', words, { p }, line);
      } else if (by === 'nobody' || code === 1006 || code === 1005) {
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
    if (outcome?.is === 'ok') continue;
    const about = { conv, clientId, seq, p };
    if (!outcome) {
      find('no answer', `A ${op} of ${p} has no outcome.`, about, one.line);
      continue;
    }
    const { is, code = '', words = '', line } = outcome;
    const isOurs = is === 'info' && unanswered.has(code);
    // of a probe that came to nothing nobody waits to hear
    if (op === 'probe' && is === 'info' && (isOurs || refusals.has(code))) continue;
    tried += 1;
    if (!isOurs) refusal(`A ${op}`, code, words, about, find, one.line, line);
    else if (!explains(ledger, one, outcome.t)) {
      find('no answer', `A ${op} of ${p} ended as ${code}, "${words}", and no fault was on.`, about, one.line, line);
    }
  }
  return tried;
}

/** Connections that were refused before they were there. */
function upgrades(ledger: Ledger, find: Find): number {
  const all = [...ledger.clients.values()].flatMap(({ refused }) => refused);
  for (const { p, code, words, line } of all) refusal(`A connection of ${p}`, code, words, { p }, find, line);
  return all.length;
}

function refusal(what: string, code: string, words: string, about: About, find: Find, ...lines: number[]): void {
  if (!refusals.has(code)) find('unknown refusal', `${what} was refused as ${code}, "${words}".`, about, ...lines);
  else if (words.trim() === '') find('refusal without words', `${what} was refused as ${code}.`, about, ...lines);
}

/** Nobody answered: a fault was on, or there was no connection, or it ended meanwhile, which is judged by itself. */
function explains(ledger: Ledger, { p, t }: Try, until: number): boolean {
  const { closes = [], sessions = [] } = ledger.clients.get(p) ?? {};
  return (
    duringFault(ledger, p, t, until) ||
    closes.some(close => close.t >= t && close.t <= until + 1_000) ||
    !sessions.some(session => session.open <= until && session.close >= t)
  );
}
