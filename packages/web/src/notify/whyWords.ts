import type { Delivery, NotificationAnswer } from '@carpenter/protocol';
import { comingTime, longTime } from '../words/times.ts';
import { words } from '../words/words.ts';

/** What was decided, and all that it followed from, the first sentence first. */
export function whySentences(answer: NotificationAnswer): string[] {
  const { trigger, silence, devices = 0 } = answer;
  const { notify } = words;
  return [
    outcomeOf(answer),
    ...(trigger ? [notify.triggers[trigger]] : []),
    ...(silence ? [notify.silences[silence]] : []),
    ...(devices > 0 ? [notify.devices(devices)] : []),
  ];
}

function outcomeOf({ via, devices = 0, failed, at }: NotificationAnswer): string {
  const { notify } = words;
  if (at === undefined) return via.length > 0 ? notify.wouldTell : notify.wouldNot;
  if (via.length === 0) return notify.silent;
  if (!via.includes('push')) return notify.toldHere;
  if (devices > 0) return notify.told;
  return failed.length > 0 ? notify.notReached : notify.noDevice;
}

/** What became of a delivery that failed. */
export function fateOf({ attempts, nextTryAt, givenUpAt }: Delivery, now: number): string {
  const { failures } = words.notify;
  if (givenUpAt) return failures.givenUp(attempts, longTime(givenUpAt, now));
  return failures.waiting(attempts, comingTime(nextTryAt ?? new Date(now).toISOString(), now));
}
