import type { CustomStatus } from '@carpenter/protocol';
import { clock, comingTime, sameDay } from '../words/times.ts';
import { words } from '../words/words.ts';

/** What somebody says they do, unless it has ended: the clock here may see that before the server tells. */
export const lasting = (status: CustomStatus | undefined, now: number): CustomStatus | undefined =>
  status?.until !== undefined && Date.parse(status.until) <= now ? undefined : status;

export const statusText = ({ emoji, text }: CustomStatus): string => words.status.spoken(emoji, text);

/** Tonight by the time, later by the day. */
export const endWords = (until: string, now: number): string =>
  words.status.until(sameDay(until, now) ? clock(until) : comingTime(until, now));
