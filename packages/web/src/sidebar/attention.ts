import type { ConversationRow } from '@carpenter/client';
import type { Mine, NotifyLevel } from '@carpenter/protocol';
import { preferences } from '../hooks/preferences.ts';

/** Without a choice of its own: as is chosen for all, but in channels at most what is meant for me. */
export function levelOf({ conversation, mine }: Pick<ConversationRow, 'conversation' | 'mine'>): NotifyLevel {
  if (mine.notify) return mine.notify;
  const { notify } = preferences.get();
  if (notify === 'mentions' && conversation.type === 'direct') return 'all';
  return conversation.type === 'channel' && notify === 'all' ? 'mentions' : notify;
}

export const isMuted = ({ mutedUntil }: Mine, now: number): boolean =>
  mutedUntil !== undefined && Date.parse(mutedUntil) > now;

/** How many messages of a conversation want to be noticed: what notifies, not all that is unread. */
export function loudCount(row: ConversationRow, now: number): number {
  if (isMuted(row.mine, now)) return 0;
  const level = levelOf(row);
  if (level === 'nothing') return 0;
  return level === 'all' ? row.unread : Math.min(row.unread, row.mine.mentions);
}

/** What a counter looks like: `loud` is what notifies, `quiet` is only unread. */
export function attentionOf(row: ConversationRow, now: number): 'loud' | 'quiet' | undefined {
  if (row.unread === 0) return undefined;
  return loudCount(row, now) > 0 ? 'loud' : 'quiet';
}

/** The last moment of today: "until tomorrow" ends with it. */
export function endOfToday(now: number): string {
  const day = new Date(now);
  day.setHours(24, 0, 0, 0);
  return day.toISOString();
}
export const inOneHour = (now: number): string => new Date(now + 3_600_000).toISOString();
