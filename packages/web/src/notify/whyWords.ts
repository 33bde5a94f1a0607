import type { Delivery, NotificationAnswer } from '@carpenter/protocol';
import { comingTime, longTime } from '../words/times.ts';
import { words } from '../words/words.ts';

/** What was decided, and all that it followed from, the first sentence first. */
export function whySentences({ trigger, silence, via, devices, at }: NotificationAnswer): string[] {
  const { notify } = words;
  const now = at === undefined;
  const told = via.length > 0;
  const first = told
    ? now
      ? notify.wouldTell
      : via.includes('push')
        ? notify.told
        : notify.toldHere
    : now
      ? notify.wouldNot
      : notify.silent;
  return [
    first,
    ...(trigger ? [notify.triggers[trigger]] : []),
    ...(silence ? [notify.silences[silence]] : []),
    ...(told && !now && via.includes('push') ? [devices ? notify.devices(devices) : notify.noDevice] : []),
  ];
}

/** What became of a delivery that failed. */
export function fateOf({ attempts, nextTryAt, givenUpAt }: Delivery, now: number): string {
  const { failures } = words.notify;
  if (givenUpAt) return failures.givenUp(attempts, longTime(givenUpAt, now));
  return failures.waiting(attempts, comingTime(nextTryAt ?? new Date(now).toISOString(), now));
}
