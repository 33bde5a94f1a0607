import type { Find } from './finding.ts';
import type { Ledger, Room, Sync, Track, Version } from './ledger.ts';
import { before, firstWhere } from './steps.ts';

/** A row that changes while it is read may be left out: the change comes by itself, within this time. */
const comesWithinMs = 5_000;

/** A client goes from change to change without a step back or over a gap; each answer to "what changed" is exact. */
export function synced({ rooms }: Ledger, find: Find): number {
  let tried = 0;
  for (const room of rooms.values()) {
    for (const track of room.tracks.values()) forward(room, track, find);
    const end = room.finals[0]?.line ?? Number.POSITIVE_INFINITY;
    const versions = [...room.versions.values()]
      .flat()
      .filter(version => version.line < end)
      .sort((a, b) => a.rev - b.rev);
    for (const sync of room.syncs) exact(room, sync, versions, find);
    tried += room.syncs.length;
  }
  return tried;
}

function forward({ conv }: Room, { p, applied }: Track, find: Find): void {
  let have: { rev: number; line: number } | undefined;
  let own = new Set<number>(); // acknowledged, and perhaps not told as events
  for (const { how, rev, line, sync } of applied) {
    if (how === 'ack') {
      own.add(rev);
      continue;
    }
    if (how === 'event' && have) {
      if (rev <= have.rev) {
        find('change shown again', `It had rev ${have.rev}, then got ${rev}.`, { conv, p }, have.line, line);
      }
      for (let missed = have.rev + 1; missed < rev; missed += 1) {
        if (own.has(missed)) continue;
        find('gap passed over', `It went from rev ${have.rev} to ${rev} without asking.`, { conv, p }, have.line, line);
        break;
      }
    }
    if (!have || rev > have.rev || sync?.reset) {
      have = { rev, line };
      own = own.size > 0 ? new Set([...own].filter(acked => acked > rev)) : own;
    }
  }
}

function exact(room: Room, sync: Sync, versions: readonly Version[], find: Find): void {
  const { p, line, since, rev, rows } = sync;
  const { conv } = room;
  const known = sync.asked === undefined ? undefined : before(room.known, sync.asked);
  if (known && known.rev > rev) {
    find(
      'stale answer',
      `It ends at rev ${rev}; ${known.rev} was known before it was asked for.`,
      { conv, p },
      known.line,
      line,
    );
  }
  if (sync.reset) return; // the end of the log as it stood a moment later: what changed meanwhile is told by its event, too
  const got = new Map(rows.map(row => [row.id, row]));
  for (const row of rows) {
    if (row.rev > rev || row.rev <= since) {
      const words = `Asked for what is above ${since}, it goes to ${rev} and has ${row.rev}.`;
      find('answer beyond its bounds', words, { conv, p, id: row.id, seq: row.seq }, line);
    }
  }
  // of a view nobody knows when it asked, and it holds the end of a conversation only: what it ends with is judged by itself
  const firstHeld = sync.asked === undefined ? rows.reduce((first, { seq }) => Math.min(first, seq), sync.lastSeq) : 0;
  const from = firstWhere(versions, version => version.rev > since);
  for (let i = from; i < versions.length; i += 1) {
    const version = versions[i];
    if (!version || version.rev > rev) return;
    const row = got.get(version.id);
    if (row ? row.rev >= version.rev : version.seq < firstHeld || changedMeanwhile(version, sync)) continue;
    const { id, seq, clientId } = version;
    const words = `Asked for what is above ${since}, ${row ? `it has rev ${row.rev}` : 'it lacks the message'} (rev ${version.rev}).`;
    find('answer incomplete', words, { conv, p, id, seq, clientId }, version.line, line);
    got.set(id, version); // told
  }
}

const changedMeanwhile = ({ message }: Version, { t, rev }: Sync): boolean =>
  message.versions.some(version => version.rev > rev && version.t <= t + comesWithinMs);
