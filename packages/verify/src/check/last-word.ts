import type { Final, Room, Version } from './ledger.ts';

/** What nodes have in the end. What a client shows of it may be a part: from some message on. */
export const nodesOf = (room: Room): Final[] => room.finals.filter(final => final.how !== 'view');

/** The one that all others are compared with. */
export const lastWordOf = (room: Room): Final | undefined =>
  room.finals.find(final => final.how === 'paged') ?? nodesOf(room)[0];

/** The first `seq` that must be in it. */
export function firstSeqOf(final: Final): number {
  if (final.how !== 'view') return 1; // changes that were not all of them are no final: see `writeFinals`
  return final.rows.reduce((least, row) => Math.min(least, row.seq), Number.POSITIVE_INFINITY);
}

export const byId = (rows: readonly Version[]): Map<string, Version> => new Map(rows.map(row => [row.id, row]));
