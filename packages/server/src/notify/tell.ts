import { decide, type Id, id, type Message, seq } from '@carpenter/protocol';
import { z } from 'zod';
import { v7 } from '../ids.ts';
import { task } from '../jobs/jobs.ts';
import { nextTryInMs } from '../jobs/patience.ts';
import { type FailedDelivery, insertDeliveries } from '../store/deliveries.ts';
import { messageAt } from '../store/messages.ts';
import { type KeptDecision, keepDecisions, listenersOf, placeOf } from '../store/notified.ts';
import { notePushed, type Subscription, subscriptionsOf } from '../store/push.ts';
import { factsOf } from './facts.ts';
import type { Notify } from './notify.ts';
import type { PushOutcome } from './push.ts';
import { pushEach } from './push-each.ts';
import { pushedNow } from './pushed.ts';

/** Decisions kept of one message; in larger rooms those who are meant by name come first. */
const keptMax = 200;

/** Decides for everybody whom a message might concern, tells their devices, and keeps what was decided. */
export const tellTask = (notify: Notify) =>
  task({
    name: 'tell',
    payload: z.object({ conversationId: id, seqs: z.array(seq) }),
    async run({ conversationId, seqs }) {
      for (const one of seqs) {
        const message = await messageAt(notify.chat.store.db, conversationId, one);
        if (message && !message.deletedAt) await tell(notify, message);
      }
    },
  });

async function tell(notify: Notify, message: Message): Promise<void> {
  const { db } = notify.chat.store;
  const { conversationId, seq } = message;
  const place = await placeOf(db, message);
  if (!place) return;
  const named = (message.mentions ?? []).filter(who => who !== 'here' && who !== 'all');
  const listeners = await listenersOf(db, message, named);
  const decided = listeners.map(listener => ({
    listener,
    decision: decide(factsOf(notify, message, place, listener)),
  }));
  const toPush = decided.filter(({ decision }) => decision.via.includes('push')).map(({ listener }) => listener.userId);
  const taken = await pushToAll(notify, message, toPush);
  if (taken.size > 0) await notePushed(db, conversationId, new Map([...taken.keys()].map(userId => [userId, seq])));

  const worthKeeping = decided
    .filter(({ listener, decision }) => decision.via.length > 0 || named.includes(listener.userId))
    .sort((a, b) => Number(named.includes(b.listener.userId)) - Number(named.includes(a.listener.userId)))
    .slice(0, keptMax);
  if (worthKeeping.length === 0) return;
  const kept = worthKeeping.map(({ listener: { userId }, decision }): [Id, KeptDecision] => {
    const devices = taken.get(userId);
    return [userId, devices === undefined ? decision : { ...decision, devices }];
  });
  await keepDecisions(db, conversationId, seq, Object.fromEntries(kept));
}

/** @returns how many devices took it, by person */
async function pushToAll(notify: Notify, message: Message, userIds: readonly Id[]): Promise<Map<Id, number>> {
  const { db } = notify.chat.store;
  const taken = new Map<Id, number>();
  if (userIds.length === 0) return taken;
  const devices = await subscriptionsOf(db, userIds);
  const outcomes = await pushEach(notify, devices, ({ userId }) => pushedNow(notify, message, userId));
  const failed: FailedDelivery[] = [];
  for (const [to, outcome] of outcomes) {
    if (outcome.is === 'taken') taken.set(to.userId, (taken.get(to.userId) ?? 0) + 1);
    else failed.push(failureOf(to, message, outcome));
  }
  await insertDeliveries(db, failed);
  return taken;
}

type Failure = Exclude<PushOutcome, { is: 'taken' }>;
function failureOf(to: Subscription, message: Message, { is, words, retryAfterMs }: Failure): FailedDelivery {
  const { conversationId, seq, sender: senderId } = message;
  const about = { conversationId, seq, senderId };
  const base = { id: v7(), userId: to.userId, over: 'push' as const, device: to.device, about, error: words };
  if (is !== 'failed') return base;
  return { ...base, subscriptionId: to.id, nextTryInMs: nextTryInMs(1, 0, retryAfterMs) };
}
