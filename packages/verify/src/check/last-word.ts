import type { Final, Room, Version } from './ledger.ts';

/** Beyond so many changes a server answers "what changed since 0" with its newest page (`limits.syncGap`). */
const wholeUpTo = 5_000;

/** What nodes have in the end. What a client shows of it may be a part: from some message on. */
export const nodesOf = (room: Room): Final[] => room.finals.filter(final => final.how !== 'view');

/** The one that all others are compared with. */
export const lastWordOf = (room: Room): Final | undefined =>
  room.finals.find(final => final.how === 'paged') ?? nodesOf(room)[0];

/** The first `seq` that must be in it. */
export function firstSeqOf(final: Final): number {
  if (final.how === 'paged' || (final.how === 'changes' && final.lastSeq <= wholeUpTo)) return 1;
  return final.rows.reduce((least, row) => Math.min(least, row.seq), Number.POSITIVE_INFINITY);
}

export const byId = (rows: readonly Version[]): Map<string, Version> => new Map(rows.map(row => [row.id, row]));
