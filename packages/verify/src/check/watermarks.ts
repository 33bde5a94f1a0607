import type { Find } from './finding.ts';
import { lastWordOf } from './last-word.ts';
import { type Fault, type Ledger, nameOf, type Room } from './ledger.ts';

/** What was told of receipts may be lost when PostgreSQL crashes: they do not wait for its disk. */
const lostMs = 1_000;

/** Marks only grow, whoever is told of them, but for the last second before PostgreSQL crashed; nobody has read what was not delivered, or not even sent. */
export function watermarks(ledger: Ledger, find: Find): number {
  const begun = new Map(ledger.sent.map(sent => [nameOf(sent), sent.tries[0]]));
  const crashes = ledger.faults.filter(fault => fault.crashes);
  let tried = 0;
  for (const room of ledger.rooms.values()) {
    tried += room.receipts.length;
    if (room.receipts.length > 0) grow(room, sentAt(room, begun), crashes, find);
  }
  return tried;
}

interface Begun {
  readonly t: number;
  readonly line: number;
}
function sentAt(room: Room, begun: ReadonlyMap<string, Begun | undefined>): Map<number, Begun> {
  const at = new Map<number, Begun>();
  for (const row of lastWordOf(room)?.rows ?? []) {
    const first = begun.get(nameOf({ conv: room.conv, ...row }));
    if (first) at.set(row.seq, first);
  }
  return at;
}

function grow(room: Room, sent: ReadonlyMap<number, Begun>, crashes: readonly Fault[], find: Find): void {
  const { conv } = room;
  const lastSeq = lastWordOf(room)?.lastSeq ?? Number.POSITIVE_INFINITY;
  const told = new Map<string, Room['receipts'][number]>();
  const isLost = (toldAt: number, t: number) =>
    crashes.some(({ on, off }) => on - lostMs <= toldAt && toldAt <= off && on <= t);
  for (const receipt of room.receipts) {
    const { p, user, delivered, read, t, line } = receipt;
    const former = told.get(`${p} ${user}`);
    told.set(`${p} ${user}`, receipt);
    const begun = sent.get(delivered);
    const about = { conv, p, seq: delivered };
    if (former && (delivered < former.delivered || read < former.read) && !isLost(former.t, t)) {
      const words = `Of ${user}, ${former.delivered}/${former.read} became ${delivered}/${read} (delivered/read).`;
      find('mark fell', words, about, former.line, line);
    } else if (read > delivered) {
      find('read before delivered', `${user} has read ${read}, with ${delivered} delivered.`, about, line);
    } else if (delivered > lastSeq || (begun && begun.t > t)) {
      find('mark beyond the last message', `${user} is said to have ${delivered}.`, about, begun?.line, line);
    }
  }
}
