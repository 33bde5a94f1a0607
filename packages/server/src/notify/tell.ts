import { decide, type Id, id, type Message, seq, settingsOf } from '@carpenter/protocol';
import { z } from 'zod';
import { v7 } from '../ids.ts';
import { task } from '../jobs/jobs.ts';
import type { Db } from '../store/database.ts';
import { type FailedDelivery, insertDeliveries } from '../store/deliveries.ts';
import { messageAt } from '../store/messages.ts';
import {
  type KeptDecision,
  keepDecisions,
  type Listener,
  listenerIn,
  listenersOf,
  type Place,
  placeOf,
} from '../store/notified.ts';
import { deleteSubscription, notePushed, notePushes, type Subscription, subscriptionsOf } from '../store/push.ts';
import { factsOf } from './facts.ts';
import type { Notify } from './notify.ts';
import { nextTryInMs } from './patience.ts';
import { type Pushed, type PushOutcome, push, pushMaxBytes } from './push.ts';

/** Decisions kept of one message; in larger rooms those who are meant by name come first. */
const keptMax = 200;
/** Pushes under way at once. */
const atOnce = 16;

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
  const toPush = decided.filter(({ decision }) => decision.via.includes('push')).map(({ listener }) => listener);
  const taken = await pushToAll(notify, message, place, toPush, decided);
  const told = toPush.filter(({ userId }) => taken.has(userId));
  if (told.length > 0) await notePushed(db, conversationId, new Map(told.map(({ userId }) => [userId, seq])));

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

type Decided = readonly { readonly listener: Listener; readonly decision: KeptDecision }[];

/** @returns how many devices took it, by person */
async function pushToAll(
  notify: Notify,
  message: Message,
  place: Place,
  listeners: readonly Listener[],
  decided: Decided,
): Promise<Map<Id, number>> {
  const { db } = notify.chat.store;
  const taken = new Map<Id, number>();
  if (listeners.length === 0) return taken;
  const byUser = new Map(decided.map(one => [one.listener.userId, one]));
  const subscriptions = await subscriptionsOf(
    db,
    listeners.map(({ userId }) => userId),
  );
  const noted = new Map<Id, string | undefined>();
  const failed: FailedDelivery[] = [];
  const queue = [...subscriptions];
  const worker = async () => {
    for (let to = queue.shift(); to; to = queue.shift()) {
      const one = byUser.get(to.userId);
      if (!one || !(await stillTold(db, message, to.userId))) continue;
      const { trigger = 'everything' } = one.decision;
      const what = pushedOf(message, place, settingsOf(one.listener.preferences), trigger);
      // Who kept us waiting, or said no, the last time is asked again when its turn comes, and holds up nobody here.
      const outcome = to.trouble === undefined ? await push(notify, to, what) : waits(to.trouble);
      if (outcome.is === 'taken') taken.set(to.userId, (taken.get(to.userId) ?? 0) + 1);
      if (endsSubscription(outcome)) await deleteSubscription(db, to.id, to.userId);
      else noted.set(to.id, outcome.is === 'failed' ? outcome.words : undefined);
      const failure = failureOf(to, message, outcome);
      if (failure) failed.push(failure);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, queue.length) }, worker));
  if (noted.size > 0) await notePushes(db, noted);
  await insertDeliveries(db, failed);
  return taken;
}

const waits = (words: string): PushOutcome => ({ is: 'failed', words });

/** A slow push service may keep those behind it waiting: meanwhile they may be out of it, or the message gone. */
async function stillTold(db: Db, message: Message, userId: Id): Promise<boolean> {
  const [listener, now] = await Promise.all([
    listenerIn(db, message, userId),
    messageAt(db, message.conversationId, message.seq),
  ]);
  return listener !== undefined && now !== undefined && now.deletedAt === undefined;
}

/** Nothing that is sent there later can arrive: the next page that opens in that browser subscribes anew. */
export const endsSubscription = ({ is }: PushOutcome): boolean => is === 'gone' || is === 'for_good';

/** What a browser that has gone says about itself is told too: nobody finds out otherwise why it stayed silent. */
export const goneWords = 'This browser takes no pushes any more. Turn notifications on again there.';

function failureOf(to: Subscription, message: Message, outcome: PushOutcome): FailedDelivery | undefined {
  if (outcome.is === 'taken') return undefined;
  const { conversationId, seq, sender: senderId } = message;
  const about = { conversationId, seq, senderId };
  const base = { id: v7(), userId: to.userId, over: 'push' as const, device: to.device, about };
  if (outcome.is === 'gone') return { ...base, error: goneWords };
  if (outcome.is === 'for_good') return { ...base, error: outcome.words };
  const nextTry = nextTryInMs(1, 0, outcome.retryAfterMs);
  return { ...base, subscriptionId: to.id, error: outcome.words, nextTryInMs: nextTry };
}

/** What is shown on a screen: no more than a notification holds, and no text for those who keep it off their screens. */
export function pushedOf(
  { conversationId, seq, text, attachments, poll }: Message,
  place: Place,
  { notifyPreview }: { readonly notifyPreview: boolean },
  trigger: string,
): Pushed {
  const whole = text || poll?.options[0]?.text || attachments?.map(({ name }) => name).join(', ') || '';
  const path =
    place.parentId === null ? `/c/${conversationId}/m/${seq}` : `/c/${place.parentId}/t/${place.parentSeq ?? 0}`;
  return {
    kind: 'message',
    conversationId,
    seq,
    path,
    sender: place.senderName,
    ...(place.name !== null && { name: place.name }),
    ...(notifyPreview && { text: cut(whole) }),
    trigger,
    ...(place.parentId !== null && { thread: true as const }),
  };
}

const shownChars = 300;
function cut(text: string): string {
  const characters = [...text];
  const short = characters.length > shownChars ? `${characters.slice(0, shownChars).join('')}…` : text;
  return Buffer.byteLength(short) > pushMaxBytes / 2 ? `${characters.slice(0, 100).join('')}…` : short;
}
