import type { Presence } from '@carpenter/protocol';
import { lasting, statusText } from '../status/statusWords.ts';
import { longTime } from '../words/times.ts';
import { words } from '../words/words.ts';

/** How somebody is, in words: what they say of it, then online, away, or when they were last seen. */
export function presenceWords(presence: Presence, now: number): string {
  const says = lasting(presence.custom, now);
  return says ? words.presence.says(statusText(says), how(presence, now)) : how(presence, now);
}

function how({ status, lastSeenAt }: Presence, now: number): string {
  const { presence } = words;
  if (status === 'online' || status === 'dnd' || lastSeenAt === undefined) return presence[status];
  const seen = longTime(lastSeenAt, now);
  return status === 'away' ? presence.awaySince(seen) : presence.seen(seen);
}
