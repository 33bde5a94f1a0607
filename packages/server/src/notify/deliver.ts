import { type Id, settingsOf } from '@carpenter/protocol';
import { z } from 'zod';
import { task } from '../jobs/jobs.ts';
import { sendDigest } from '../mail/digest.ts';
import { type DueDelivery, deleteDelivery, forgetOldNotifications, noteFailure, takeDue } from '../store/deliveries.ts';
import { digestOf } from '../store/mail.ts';
import { messageAt } from '../store/messages.ts';
import { listenerIn, placeOf } from '../store/notified.ts';
import { deleteSubscription, notePushed, notePushes, subscriptionById } from '../store/push.ts';
import type { Notify } from './notify.ts';
import { dayMs, nextTryInMs } from './patience.ts';
import { push } from './push.ts';
import { goneWords, pushedOf } from './tell.ts';

const portion = 50;
const keptDays = 30;

/** Once a minute: what failed and is due is tried again. */
export const deliverTask = (notify: Notify) =>
  task({
    name: 'deliver',
    payload: z.unknown(),
    at: '* * * * *',
    async run() {
      const silent = new Map<Id, string>();
      for (;;) {
        const due = await takeDue(notify.chat.store.db, portion);
        for (const one of due) await again(notify, one, silent);
        if (due.length < portion) return;
      }
    },
  });

/** Once a night. */
export const forgetTask = ({ chat }: Notify) =>
  task({
    name: 'forget',
    payload: z.unknown(),
    at: '17 3 * * *',
    run: () => forgetOldNotifications(chat.store.db, keptDays),
  });

/** @param silent  devices that were asked just now and did not take it, and why: they are not asked for each conversation */
function again(notify: Notify, due: DueDelivery, silent: Map<Id, string>): Promise<void> {
  return due.over === 'push' ? pushAgain(notify, due, silent) : mailAgain(notify, due);
}

/** What is still unread of that day goes into one letter. */
async function mailAgain({ chat, mail }: Notify, due: DueDelivery): Promise<void> {
  const { db } = chat.store;
  const digest = await digestOf(db, due.userId, new Date(Date.now() - due.ageMs - dayMs).toISOString());
  const failed = digest && (await sendDigest(mail, digest));
  if (!failed) return deleteDelivery(db, due.id);
  return noteFailure(db, due.id, failed.message, failed.forGood ? undefined : nextTryInMs(due.attempts, due.ageMs));
}

async function pushAgain(notify: Notify, due: DueDelivery, silent: Map<Id, string>): Promise<void> {
  const { db } = notify.chat.store;
  const message = due.conversationId && due.seq ? await messageAt(db, due.conversationId, due.seq) : undefined;
  const listener = message && (await listenerIn(db, message, due.userId));
  const place = message && (await placeOf(db, message));
  // read meanwhile, deleted, out of it, logged out there: nobody waits for it any more
  const needed = message && place && listener && !message.deletedAt && listener.readSeq < message.seq;
  const to = needed && due.subscriptionId ? await subscriptionById(db, due.subscriptionId) : undefined;
  if (!needed || !to) return deleteDelivery(db, due.id);
  const before = silent.get(to.id);
  if (before !== undefined) return noteFailure(db, due.id, before, nextTryInMs(due.attempts, due.ageMs));
  const outcome = await push(notify, to, pushedOf(message, place, settingsOf(listener.preferences), 'everything'));
  switch (outcome.is) {
    case 'taken':
      await notePushes(db, new Map([[to.id, undefined]]));
      await notePushed(db, message.conversationId, new Map([[due.userId, message.seq]]));
      return deleteDelivery(db, due.id);
    case 'gone':
      await deleteSubscription(db, to.id, to.userId);
      return noteFailure(db, due.id, goneWords);
    case 'for_good':
      await deleteSubscription(db, to.id, to.userId);
      return noteFailure(db, due.id, outcome.words);
    case 'failed':
      silent.set(to.id, outcome.words);
      await notePushes(db, new Map([[to.id, outcome.words]]));
      return noteFailure(db, due.id, outcome.words, nextTryInMs(due.attempts, due.ageMs, outcome.retryAfterMs));
  }
}
