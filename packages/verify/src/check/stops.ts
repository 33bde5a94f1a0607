import { closeByCode, closes } from '@carpenter/protocol';
import { timeLost } from './faults.ts';
import type { Find } from './finding.ts';
import type { Client, Fault, Ledger } from './ledger.ts';

const goneWithinMs = 10_000;
/** What was asked so long before is known to the node: it answers that before it ends the connection. */
const knownAfterMs = 1_000;
/** Unless it cannot for so long, and ends the connection all the same. */
const answersWithinMs = 2_000;
const { restarting, goingAway } = closes;

/** A node that is told to stop sends everybody on, answers what is under way, and is gone in time. @returns connections that it ended */
export function stops(ledger: Ledger, find: Find): number {
  let tried = 0;
  const lost = timeLost(ledger, 'frozen');
  for (const fault of ledger.faults) {
    const { exit, name, on, line } = fault;
    if (!exit) continue;
    if (exit.code !== 0) {
      const how = exit.code === null ? 'had to be killed' : `ended with ${exit.code}`;
      find('node did not stop in order', `In ${name} it ${how}.`, {}, line);
    } else if (exit.ms - lost('', on, on + exit.ms) > goneWithinMs) {
      find('node did not stop in time', `It took ${exit.ms} ms.`, {}, line);
    }
    for (const client of ledger.clients.values()) tried += sentOn(ledger, client, fault, find);
  }
  return tried;
}

/** An end without a code is judged as every silent end: this fault cuts nobody off. */
function sentOn(ledger: Ledger, { p, sessions, closes }: Client, { on, off }: Fault, find: Find): number {
  const session = sessions.find(({ open, close }) => open <= on && close >= on);
  const end = closes.find(({ t }) => t >= on);
  if (!session || !end || end.t > off || end.by !== 'server') return 0;
  const { code, words, line } = end;
  const itsOwn = ['login', 'stop'].includes(closeByCode(code)?.action ?? ''); // of that login, whatever the node does
  if (code === restarting.code) {
    if (end.t - on < answersWithinMs) unanswered(ledger, p, session.open, end, find);
  } else if (code !== goingAway.code && !itsOwn)
    find('not sent on by a node that stops', `${p} was closed with ${code}, "${words}".`, { p }, line);
  return 1;
}

function unanswered(ledger: Ledger, p: string, open: number, end: { t: number; line: number }, find: Find): void {
  const lost = timeLost(ledger, 'frozen');
  for (const { p: by, t, op, over, outcome, conv, clientId, seq, line } of ledger.tries) {
    if (by !== p || t < open || t > end.t - knownAfterMs || over === 'http' || op === 'probe') continue;
    const endedWithIt = outcome?.code === 'connection.lost' && Math.abs(outcome.t - end.t) < knownAfterMs;
    if (!endedWithIt || end.t - t - lost(p, t, end.t) < knownAfterMs) continue;
    const words = `A ${op} was asked ${Math.round(end.t - t)} ms before the node ended the connection.`;
    find('under way, and not answered', words, { conv, clientId, seq, p }, line, end.line);
  }
}
