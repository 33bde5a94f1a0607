import type { Presence } from '@carpenter/protocol';
import { longTime } from '../words/times.ts';
import { words } from '../words/words.ts';

/** How somebody is, in words: online, away, or when they were last seen. */
export function presenceWords({ status, lastSeenAt }: Presence, now: number): string {
  const { presence } = words;
  if (status === 'online' || status === 'dnd' || lastSeenAt === undefined) return presence[status];
  const seen = longTime(lastSeenAt, now);
  return status === 'away' ? presence.awaySince(seen) : presence.seen(seen);
}
