import { fixed, type Id, id, type Plan, refuse, type Scheduled, time } from '@carpenter/protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import { v7 } from '../ids.ts';
import { attachmentsOf } from '../store/media.ts';
import { mayRead } from '../store/members.ts';
import {
  deleteScheduled,
  insertScheduled,
  scheduledAfter,
  scheduledById,
  updateScheduled,
} from '../store/scheduled.ts';
import { withinChars } from '../store/within-chars.ts';
import type { Chat } from './chat.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { prepare } from './draft.ts';

const place = z.object({ at: time, id });

/** What I have written for later, the next one first. @throws {Refusal} cursor.invalid */
export async function listScheduled(
  { store }: Chat,
  actor: Actor,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ scheduled: Scheduled[]; next?: string }> {
  const found = await scheduledAfter(store.db, actor.userId, readCursor(cursor, place), limit + 1);
  const scheduled = withinChars(found.slice(0, limit));
  const last = scheduled.at(-1);
  if (found.length <= scheduled.length || !last) return { scheduled };
  return { scheduled, next: writeCursor({ at: last.sendAt, id: last.id }) };
}

/**
 * Keeps a message until its time; then it goes through the same rule as every other one (send-due.ts). What that would refuse now
 * is refused now.
 * @throws {Refusal} conversation.unknown, time.past, time.too_far, scheduled.too_many, what sending this now would be refused for
 */
export async function schedule(
  chat: Chat,
  actor: Actor,
  conversationId: Id,
  { sendAt, ...plan }: Plan & { sendAt: string },
): Promise<Scheduled> {
  checkTime(sendAt);
  const clientId = crypto.randomUUID();
  await checkPlan(chat, actor, conversationId, plan);
  await attachmentsOf(chat.store.db, actor.userId, plan.attachments ?? []);
  const fresh = { id: v7(), clientId, conversationId, plan, sendAt };
  const scheduled = await insertScheduled(chat.store.db, actor.userId, fresh, fixed.scheduledMax);
  if (!scheduled) refuse('scheduled.too_many', { max: fixed.scheduledMax });
  return told(chat, actor, scheduled);
}

/**
 * Another text or time for what was not sent yet.
 * @throws {Refusal} scheduled.unknown, time.past, time.too_far, what sending this now would be refused for
 */
export async function reschedule(
  chat: Chat,
  actor: Actor,
  scheduledId: Id,
  change: { text?: string | undefined; sendAt?: string | undefined },
): Promise<Scheduled> {
  const present = await scheduledById(chat.store.db, actor.userId, scheduledId);
  if (!present) refuse('scheduled.unknown', {});
  if (change.sendAt !== undefined) checkTime(change.sendAt);
  const { id: _, conversationId, sendAt: __, createdAt: ___, failure: ____, ...plan } = present;
  if (change.text !== undefined) await checkPlan(chat, actor, conversationId, { ...plan, text: change.text });
  if (change.sendAt !== undefined) await attachmentsOf(chat.store.db, actor.userId, plan.attachments ?? []);
  const changed = await updateScheduled(chat.store.db, actor.userId, scheduledId, change);
  return changed ? told(chat, actor, changed) : refuse('scheduled.unknown', {});
}

/** Not to be sent. @throws {Refusal} scheduled.unknown */
export async function withdraw({ store, bus }: Chat, actor: Actor, scheduledId: Id): Promise<void> {
  const conversationId = await deleteScheduled(store.db, actor.userId, scheduledId);
  if (!conversationId) refuse('scheduled.unknown', {});
  const event = { type: 'scheduled.removed' as const, id: scheduledId, conversationId };
  bus.publish({ to: 'users', userIds: [actor.userId], event });
}

function told({ bus }: Chat, actor: Actor, scheduled: Scheduled): Scheduled {
  bus.publish({ to: 'users', userIds: [actor.userId], event: { type: 'scheduled.updated', scheduled } });
  return scheduled;
}

const dayMs = 86_400_000;
function checkTime(sendAt: string): void {
  const { scheduledDays: days } = fixed;
  const away = Date.parse(sendAt) - Date.now();
  if (away <= 0) refuse('time.past', {});
  if (away > days * dayMs) refuse('time.too_far', { days });
}

async function checkPlan(chat: Chat, actor: Actor, conversationId: Id, plan: Plan): Promise<void> {
  if (!(await mayRead(chat.store.db, conversationId, actor.userId))) refuse('conversation.unknown', {});
  await prepare(chat, actor, conversationId, { ...plan, clientId: actor.userId });
}
