import type { Find } from './finding.ts';
import { type Ledger, nameOf, type Room, upsert, type Version } from './ledger.ts';

/** Any number of tries: stored once, and in no list twice. @returns messages that were tried more than once */
export function once(ledger: Ledger, find: Find): number {
  for (const room of ledger.rooms.values()) {
    stored(room, find);
    for (const { rows, line, from } of room.finals) listed(room, rows, line, from, find);
    for (const { rows, line, p } of room.syncs) listed(room, rows, line, p, find);
  }
  return ledger.sent.filter(({ tries }) => tries.length > 1).length;
}

function stored(room: Room, find: Find): void {
  const byName = new Map<string, Version>();
  for (const { versions } of room.messages.values()) {
    const [version] = versions;
    if (!version) continue;
    const first = upsert(byName, nameOf({ conv: room.conv, ...version }), () => version);
    if (first.id === version.id) continue;
    const { clientId, seq, id } = version;
    const words = `It is ${first.id} (seq ${first.seq}), too.`;
    find('message stored twice', words, { conv: room.conv, clientId, seq, id }, first.line, version.line);
  }
}

function listed(room: Room, rows: readonly Version[], line: number, who: string, find: Find): void {
  const ids = new Set<string>();
  for (const { id, seq, clientId } of rows) {
    if (ids.has(id)) find('message shown twice', `${who} has it twice.`, { conv: room.conv, clientId, seq, id }, line);
    ids.add(id);
  }
}
