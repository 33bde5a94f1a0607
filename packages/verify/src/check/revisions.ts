import type { Find } from './finding.ts';
import type { Ledger, Room, Version } from './ledger.ts';

/** Every change has a `rev` of its own, and looks the same wherever it is seen. @returns changes */
export function revisions({ rooms }: Ledger, find: Find): number {
  let tried = 0;
  for (const room of rooms.values()) {
    for (const versions of room.versions.values()) alike(room, versions, find);
    for (const { p, applied } of room.tracks.values()) {
      for (const { how, rev, version, line } of applied) {
        if (how !== 'event') continue;
        const about = { conv: room.conv, id: version?.id, seq: version?.seq, p };
        const known = room.versions.get(rev)?.[0];
        if (version && version.rev !== rev) {
          find('event and message apart', `The event has rev ${rev}, its message ${version.rev}.`, about, line);
        } else if (!version && known) {
          find('change shown without its message', `${known.by} was shown it at rev ${rev}.`, about, known.line, line);
        }
      }
    }
    tried += room.versions.size;
  }
  return tried;
}

function alike(room: Room, [first, ...others]: readonly Version[], find: Find): void {
  for (const other of others) {
    if (!first) return;
    const { id, seq, rev, by, line } = other;
    const about = { conv: room.conv, id, seq, p: by };
    if (id !== first.id) {
      find('one rev for two messages', `At rev ${rev} ${first.by} saw ${first.id}.`, about, first.line, line);
    } else if (other.state !== first.state) {
      find('one rev in two states', `At rev ${rev} ${first.by} saw it otherwise than ${by}.`, about, first.line, line);
    }
  }
}
