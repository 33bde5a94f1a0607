import type { ConversationRow } from '@carpenter/client';
import type { Mine, NotifyLevel } from '@carpenter/protocol';

/** Without a choice: everything, but in channels only what is meant for me. */
export const levelOf = ({ conversation, mine }: Pick<ConversationRow, 'conversation' | 'mine'>): NotifyLevel =>
  mine.notify ?? (conversation.type === 'channel' ? 'mentions' : 'all');

export const isMuted = ({ mutedUntil }: Mine, now: number): boolean =>
  mutedUntil !== undefined && Date.parse(mutedUntil) > now;

/** What a counter looks like: `loud` is what notifies, `quiet` is only unread. */
export function attentionOf(row: ConversationRow, now: number): 'loud' | 'quiet' | undefined {
  if (row.unread === 0) return undefined;
  if (isMuted(row.mine, now)) return 'quiet';
  const level = levelOf(row);
  const loud = level === 'all' || (level === 'mentions' && row.mine.mentions > 0);
  return loud ? 'loud' : 'quiet';
}

/** The last moment of today: "until tomorrow" ends with it. */
export function endOfToday(now: number): string {
  const day = new Date(now);
  day.setHours(24, 0, 0, 0);
  return day.toISOString();
}
export const inOneHour = (now: number): string => new Date(now + 3_600_000).toISOString();
