import { timeLost } from './faults.ts';
import type { Find } from './finding.ts';
import type { Ledger, Room, Stay } from './ledger.ts';
import { reached } from './steps.ts';

/** What every door of a conversation that never was says. Any other refusal tells that there is one. */
const neverWas = 'conversation.unknown';

/** What carries no `rev` (typing, receipts) may be on its way when somebody goes. */
const graceMs = 1_000;

/** Nobody hears of a conversation they are not in. @returns tries of strangers, and people who were taken out */
export function privately(ledger: Ledger, find: Find): number {
  let tried = 0;
  for (const { op, outcome, conv, p, line } of ledger.tries) {
    if (outcome?.is === 'ok' && op === 'send' && !outcome.dup && outcome.version) {
      const { id, seq, rev, clientId } = outcome.version;
      const { members } = ledger.rooms.get(conv) ?? {};
      if (!members?.size || isIn(staysOf(ledger, members, p), rev)) continue;
      find('message of a stranger stored', `${p} is not in it.`, { conv, p, clientId, seq, id }, line, outcome.line);
    }
    if (op !== 'probe' || !outcome || outcome.is === 'info') continue; // who was told nothing has tried nothing
    tried += 1;
    const { is, code = '' } = outcome;
    if (is === 'ok') find('foreign conversation answered', `${p} is not in it.`, { conv, p }, line, outcome.line);
    else if (code !== neverWas) {
      const words = `${p} is not in it, and was refused as ${code}.`;
      find('foreign conversation told apart', words, { conv, p }, line, outcome.line);
    }
  }
  for (const room of ledger.rooms.values()) {
    for (const stays of room.members.values()) tried += stays.filter(({ to }) => to).length;
    if (room.members.size === 0) continue;
    aside(ledger, room, find);
    overheard(ledger, room, find);
  }
  return tried;
}

/** Only whoever was in it may be told that a message of theirs is stored, and only whoever is no more is told no `rev` of it. */
function aside(ledger: Ledger, { conv, members, aside }: Room, find: Find): void {
  for (const { p, id, seq, clientId, asked, line } of aside) {
    const last = staysOf(ledger, members, p).at(-1);
    const about = { conv, p, clientId, seq, id };
    if (!last) find('message of a stranger stored', `${p} was never in it.`, about, line);
    else if (!last.to && last.from.line < asked)
      find('acknowledged without its rev', `${p} is in it.`, about, last.from.line, line);
  }
}

function overheard(ledger: Ledger, room: Room, find: Find): void {
  const { conv } = room;
  const lost = timeLost(ledger, 'any');
  const tell = (p: string, stays: readonly Stay[], what: string, line: number) => {
    const last = stays.at(-1);
    if (last) find('heard after removal', `${p} heard ${what}.`, { conv, p }, (last.to ?? last.from).line, line);
    else find('foreign conversation heard', `${p} was never in it, and heard ${what}.`, { conv, p }, line);
  };
  for (const { p, applied } of room.tracks.values()) {
    const stays = staysOf(ledger, room.members, p);
    for (const { how, rev, line } of applied) {
      if (how !== 'ack' && !isIn(stays, rev, how === 'event')) tell(p, stays, `rev ${rev}`, line);
    }
  }
  /** A slow link brings in its order what was sent before: an older event after it tells that it was. */
  const sentBefore = (p: string, rev: number, t: number): boolean =>
    (room.tracks.get(p)?.applied.findLast(one => one.how === 'event' && one.rev < rev)?.t ?? 0) >= t;
  // whoever was brought in is told so, as are the others, before the one who did it has the answer
  const since = ({ from }: Stay): number => Math.min(from.t, reached(room.known, from.rev)?.t ?? from.t) - graceMs;
  const inTime = (p: string, stays: readonly Stay[], t: number): boolean =>
    stays.some(stay => {
      const { to } = stay;
      return t >= since(stay) && (!to || t <= to.t + graceMs + lost(p, to.t, t) || sentBefore(p, to.rev, t));
    });
  for (const { p, t, rev, type, line } of room.heard) {
    const stays = staysOf(ledger, room.members, p);
    const isOwnEnd = type === 'conversation.removed' && stays.some(({ to }) => to); // which may be told again, at any time
    const fine = rev === undefined ? isOwnEnd || inTime(p, stays, t) : isIn(stays, rev, true);
    if (!fine) tell(p, stays, type, line);
  }
  for (const { p, t, line } of room.receipts) {
    const stays = staysOf(ledger, room.members, p);
    if (!inTime(p, stays, t)) tell(p, stays, 'a receipt', line);
  }
}

const staysOf = ({ clients }: Ledger, members: Room['members'], p: string): readonly Stay[] =>
  members.get(clients.get(p)?.user ?? p) ?? [];

/** `last`: the removal itself is told to whoever it is about. */
const isIn = (stays: readonly Stay[], rev: number, last = false): boolean =>
  stays.some(({ from, to }) => from.rev <= rev && (!to || rev < to.rev || (last && rev === to.rev)));
