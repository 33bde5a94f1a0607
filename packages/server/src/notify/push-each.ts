import { deleteSubscription, notePushes, type Subscription } from '../store/push.ts';
import { atOnce } from './at-once.ts';
import type { Notify } from './notify.ts';
import { type Pushed, type PushOutcome, push } from './push.ts';

/** Pushes under way at once: more than one person has devices, so that nobody's take all places. */
const pushesMax = 32;
/** Others wait meanwhile; the next try may take longer. */
const firstDeadlineMs = 3_000;

/**
 * Pushes to each of these devices now. One that kept us waiting, or said no, the last time is not asked: its turn comes when what
 * failed is tried again, and it holds up nobody here.
 * @param what  asked just before a push goes out, as those before it may have taken a while; undefined: nothing any more
 * @returns how it went with those for whom there was something
 */
export async function pushEach(
  notify: Notify,
  devices: readonly Subscription[],
  what: (to: Subscription) => Promise<Pushed | undefined>,
): Promise<ReadonlyMap<Subscription, PushOutcome>> {
  const asked = new Map<Subscription, PushOutcome>();
  const passedOver = new Map<Subscription, PushOutcome>();
  await atOnce(pushesMax, devices, async to => {
    const pushed = await what(to);
    if (!pushed) return;
    if (to.trouble !== undefined) passedOver.set(to, { is: 'failed', words: to.trouble });
    else asked.set(to, await push(notify, to, pushed, firstDeadlineMs));
  });
  await noteOutcomes(notify, asked);
  return new Map([...asked, ...passedOver]);
}

/** What a push service said counts for the next push. Where nothing can arrive any more, the next page in that browser subscribes anew. */
export async function noteOutcomes(
  { chat }: Pick<Notify, 'chat'>,
  outcomes: ReadonlyMap<Subscription, PushOutcome>,
): Promise<void> {
  const { db } = chat.store;
  const standing = [];
  for (const [{ id, userId }, outcome] of outcomes) {
    if (outcome.is === 'gone' || outcome.is === 'for_good') await deleteSubscription(db, id, userId);
    else standing.push({ id, taken: outcome.is === 'taken', trouble: outcome.words });
  }
  if (standing.length > 0) await notePushes(db, standing);
}
