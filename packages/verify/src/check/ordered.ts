import type { Find } from './finding.ts';
import { firstSeqOf, nodesOf } from './last-word.ts';
import { type Ledger, nameOf, type Room, type Sent, upsert, type Version } from './ledger.ts';

/** One order for everybody, ever: 1, 2, 3 …; what was sent after an acknowledgement comes after what was acknowledged. */
export function ordered(ledger: Ledger, find: Find): number {
  let tried = 0;
  const sentIn = new Map<string, Sent[]>();
  for (const sent of ledger.sent) upsert(sentIn, sent.conv, (): Sent[] => []).push(sent);
  for (const room of ledger.rooms.values()) {
    const places = new Map<number, Version>();
    const contested = placed(room, places, find);
    gaps(room, places, find);
    if (!contested) {
      inTime(room, sentIn.get(room.conv) ?? [], find);
      inTurn(ledger, sentIn.get(room.conv) ?? [], find);
    }
    tried += places.size;
  }
  return tried;
}

/** @returns whether a place is held by two, or a message holds two: one of both is told */
function placed(room: Room, places: Map<number, Version>, find: Find): boolean {
  const told = new Set<number>();
  for (const { versions } of room.messages.values()) {
    for (const version of versions) {
      const { seq, id, clientId, line } = version;
      const holder = upsert(places, seq, () => version);
      if (holder.id === id || told.has(seq)) continue;
      told.add(seq);
      const words = `${holder.by} saw ${holder.id} there, ${version.by} saw ${id}.`;
      find('two messages at one place', words, { conv: room.conv, clientId, seq, id }, holder.line, line);
    }
  }
  if (told.size > 0) return true;
  let moved = false;
  for (const { id, versions } of room.messages.values()) {
    const [first] = versions;
    const other = versions.find(version => version.seq !== first?.seq);
    if (!first || !other) continue;
    moved = true;
    const about = { conv: room.conv, clientId: first.clientId, seq: first.seq, id };
    find('message at two places', `It was at ${first.seq} and at ${other.seq}.`, about, first.line, other.line);
  }
  return moved;
}

/** Places that nobody ever saw anything at. What was seen and is gone is lost: durable.ts. */
function gaps(room: Room, places: ReadonlyMap<number, Version>, find: Find): void {
  const told = new Set<number>();
  for (const final of nodesOf(room)) {
    const have = new Set(final.rows.map(row => row.seq));
    for (let seq = firstSeqOf(final); seq <= final.lastSeq; seq += 1) {
      if (have.has(seq) || places.has(seq) || told.has(seq)) continue;
      told.add(seq);
      find('gap in the order', `${final.from} has nothing there.`, { conv: room.conv, seq }, final.line);
    }
  }
}

function inTime(room: Room, sent: readonly Sent[], find: Find): void {
  const seqs = new Map<string, number>();
  for (const { versions } of room.messages.values()) {
    for (const version of versions) upsert(seqs, nameOf({ conv: room.conv, ...version }), () => version.seq);
  }
  interface Point {
    readonly t: number;
    readonly line: number;
    readonly seq: number;
    readonly sent: Sent;
    readonly is: 'ack' | 'begin';
  }
  const points: Point[] = [];
  for (const one of sent) {
    const seq = seqs.get(nameOf(one));
    const [first] = one.tries;
    const acked = one.tries.find(tried => tried.outcome?.is === 'ok')?.outcome;
    if (seq === undefined || !first) continue;
    points.push({ t: first.t, line: first.line, seq, sent: one, is: 'begin' });
    if (acked) points.push({ t: acked.t, line: acked.line, seq, sent: one, is: 'ack' });
  }
  points.sort((a, b) => a.t - b.t || Number(a.is === 'ack') - Number(b.is === 'ack'));
  let highest: Point | undefined;
  for (const point of points) {
    if (point.is === 'ack') {
      if (!highest || point.seq > highest.seq) highest = point;
    } else if (highest && point.seq < highest.seq) {
      const words = `Sent after ${highest.seq} was acknowledged, it came before it.`;
      const about = { conv: room.conv, clientId: point.sent.clientId, seq: point.seq };
      find('order of time broken', words, about, highest.line, point.line);
    }
  }
}

/** What went over one connection came in its order; what was tried again stands where the first try brought it. */
function inTurn({ clients }: Ledger, sent: readonly Sent[], find: Find): void {
  const last = new Map<string, { readonly seq: number; readonly line: number }>();
  const tries = sent.flatMap(one => one.tries).sort((a, b) => a.line - b.line);
  for (const { over, outcome, p, t, line, conv, clientId } of tries) {
    if (over !== 'socket' || outcome?.is !== 'ok' || outcome.dup || !outcome.version) continue;
    const { seq } = outcome.version;
    const session = clients.get(p)?.sessions.findLastIndex(({ open }) => open <= t);
    const former = last.get(`${p} ${session}`);
    if (former && seq < former.seq) {
      const words = `${p} sent it after ${former.seq}, over the same connection.`;
      find('order of a connection broken', words, { conv, clientId, seq }, former.line, line);
    } else last.set(`${p} ${session}`, { seq, line });
  }
}
