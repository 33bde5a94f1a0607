import type { Id } from '@carpenter/protocol';
import { z } from 'zod';
import { task } from '../jobs/jobs.ts';
import { dayMs, nextTryInMs } from '../jobs/patience.ts';
import { sendDigest } from '../mail/digest.ts';
import { type DueDelivery, deleteDelivery, forgetOldNotifications, noteFailure, takeDue } from '../store/deliveries.ts';
import { digestOf } from '../store/mail.ts';
import { notePushed, subscriptionById } from '../store/push.ts';
import { atOnce } from './at-once.ts';
import type { Notify } from './notify.ts';
import { push } from './push.ts';
import { noteOutcomes } from './push-each.ts';
import { pushedNow } from './pushed.ts';

const portion = 50;
/** Devices that are asked at once; one after the other, slow ones would keep all behind them waiting. */
const devicesMax = 16;
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
        const byDevice = Map.groupBy(due, ({ over, subscriptionId }) => subscriptionId ?? over);
        await atOnce(devicesMax, [...byDevice.values()], async list => {
          for (const one of list) await again(notify, one, silent);
        });
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

/** @param silent  devices that were asked just now and did not take it, or took long, and why: they are not asked for each conversation */
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
  const { conversationId, seq, subscriptionId } = due;
  const what = conversationId && seq ? await pushedNow(notify, { conversationId, seq }, due.userId) : undefined;
  const to = what && subscriptionId ? await subscriptionById(db, subscriptionId) : undefined;
  // they are not to be told any more, or logged out there: nobody waits for it
  if (!conversationId || !seq || !what || !to) return deleteDelivery(db, due.id);
  const before = silent.get(to.id);
  if (before !== undefined) return noteFailure(db, due.id, before, nextTryInMs(due.attempts, due.ageMs));
  const outcome = await push(notify, to, what);
  if (outcome.words !== undefined) silent.set(to.id, outcome.words);
  await noteOutcomes(notify, new Map([[to, outcome]]));
  if (outcome.is === 'taken') {
    await notePushed(db, conversationId, new Map([[due.userId, seq]]));
    return deleteDelivery(db, due.id);
  }
  const again = outcome.is === 'failed' ? nextTryInMs(due.attempts, due.ageMs, outcome.retryAfterMs) : undefined;
  return noteFailure(db, due.id, outcome.words, again);
}
