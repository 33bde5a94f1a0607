import { type Id, type PushDevice, type PushSubscriptionInput, refuse } from '@carpenter/protocol';
import type { Actor } from '../auth/actor.ts';
import { createLimiter, type Limiter } from '../auth/limiter.ts';
import { v7 } from '../ids.ts';
import { judge, NotReached } from '../outside/judge.ts';
import { deleteSubscription, devicesOf, putSubscription, subscriptionById, subscriptionsOf } from '../store/push.ts';
import type { Notify } from './notify.ts';
import { isKey, push } from './push.ts';
import { noteOutcomes } from './push-each.ts';

const devicesMax = 20;
/** New ones and tests of one person in an hour: each may make a server that keeps others waiting look like one that does not. */
const triesAnHour = 30;
export const createDeviceTries = (): Limiter => createLimiter(triesAnHour, 3_600_000);

export const listDevices = ({ chat }: Notify, actor: Actor): Promise<PushDevice[]> =>
  devicesOf(chat.store.db, actor.userId, actor.sessionId);

/**
 * From now on this browser takes pushes, as long as this login lasts. An endpoint names a server that we are going to ask, so it is
 * judged like any other address that somebody gives.
 * @throws {Refusal} push.refused, rate.exceeded
 */
export async function subscribe(
  { chat, policy, deviceTries }: Notify,
  actor: Actor,
  given: PushSubscriptionInput,
): Promise<Id> {
  const { endpoint, keys } = given;
  if (!isKey(keys.p256dh)) refuse('push.refused', { reason: 'Its key is none.' });
  try {
    const { url, addresses, port } = await judge(endpoint, policy);
    const ours = addresses.every(({ address }) => policy.allowed.includes(`${address}:${port}`));
    if (url.protocol !== 'https:' && !ours) refuse('push.refused', { reason: 'Only https is asked.' });
  } catch (error) {
    // A name that is not known now may be later; our own rules stay
    if (error instanceof NotReached && error.kind === 'refused') refuse('push.refused', { reason: error.message });
    if (!(error instanceof NotReached)) throw error;
  }
  const { userId, sessionId } = actor;
  const known = await subscriptionsOf(chat.store.db, [userId]);
  const retryAfterMs = known.some(one => one.endpoint === endpoint) ? 0 : deviceTries.take(userId);
  if (retryAfterMs > 0) refuse('rate.exceeded', { retryAfterMs });
  return putSubscription(chat.store.db, { id: v7(), userId, sessionId, endpoint, ...keys }, devicesMax);
}

/** @throws {Refusal} push.unknown */
export async function unsubscribe({ chat }: Notify, actor: Actor, id: Id): Promise<void> {
  if (!(await deleteSubscription(chat.store.db, id, actor.userId))) refuse('push.unknown', {});
}

/** Pushes something now. @returns what went wrong, in words @throws {Refusal} push.unknown, rate.exceeded */
export async function testDevice(notify: Notify, actor: Actor, id: Id): Promise<string | undefined> {
  const to = await subscriptionById(notify.chat.store.db, id);
  if (to?.userId !== actor.userId) refuse('push.unknown', {});
  const retryAfterMs = notify.deviceTries.take(actor.userId);
  if (retryAfterMs > 0) refuse('rate.exceeded', { retryAfterMs });
  const outcome = await push(notify, to, { kind: 'test' });
  await noteOutcomes(notify, new Map([[to, outcome]]));
  return outcome.words;
}
