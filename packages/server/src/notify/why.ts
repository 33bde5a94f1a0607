import {
  type Delivery,
  decide,
  type Id,
  type NotificationAnswer,
  refuse,
  type Seq,
  type User,
} from '@carpenter/protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import { readCursor, writeCursor } from '../chat/cursor.ts';
import { deliveriesOf, listDeliveries } from '../store/deliveries.ts';
import { mayRead } from '../store/members.ts';
import { messageAt } from '../store/messages.ts';
import { keptDecision, listenerIn, placeOf } from '../store/notified.ts';
import { meById, usersByIds } from '../store/users.ts';
import { factsOf } from './facts.ts';
import type { Notify } from './notify.ts';

/**
 * Why I was told of a message, or not: as it was decided then, where that was kept; else as it would be decided now.
 * @throws {Refusal} conversation.unknown, message.unknown
 */
export async function whyNotified(
  notify: Notify,
  actor: Actor,
  conversationId: Id,
  seq: Seq,
): Promise<NotificationAnswer> {
  const { db, marks } = notify.chat.store;
  if (!(await mayRead(db, conversationId, actor.userId))) refuse('conversation.unknown', {});
  const message = await messageAt(db, conversationId, seq);
  if (!message) refuse('message.unknown', {});
  const failed = await deliveriesOf(db, conversationId, seq, actor.userId);
  const kept = await keptDecision(db, conversationId, seq, actor.userId);
  if (kept) return { ...kept.decision, at: kept.at, failed };
  await marks.settled();
  const [place, listener] = await Promise.all([placeOf(db, message), listenerIn(db, message, actor.userId)]);
  if (!place || !listener) refuse('conversation.unknown', {});
  // That it is read by now says nothing about why it was silent then.
  return { ...decide(factsOf(notify, message, place, { ...listener, readSeq: 0 })), failed };
}

interface Deliveries {
  readonly deliveries: Delivery[];
  readonly users: User[];
}

/** Whom a message of mine did not reach, but not on which device. @throws {Refusal} conversation.unknown, message.unknown, message.not_yours */
export async function deliveriesOfMine(
  { chat }: Notify,
  actor: Actor,
  conversationId: Id,
  seq: Seq,
): Promise<Deliveries> {
  const { db } = chat.store;
  if (!(await mayRead(db, conversationId, actor.userId))) refuse('conversation.unknown', {});
  const message = await messageAt(db, conversationId, seq);
  if (!message) refuse('message.unknown', {});
  if (message.sender !== actor.userId) refuse('message.not_yours', {});
  const found = await deliveriesOf(db, conversationId, seq, undefined);
  const deliveries = found.map(({ device, ...shown }) => shown);
  return { deliveries, users: await usersByIds(db, [...new Set(deliveries.map(({ userId }) => userId))]) };
}

const place = z.object({ id: z.uuid() });

/** What could not be delivered to anybody: to whom and why, never what or where. @throws {Refusal} server.not_owner, cursor.invalid */
export async function allDeliveries(
  { chat }: Notify,
  actor: Actor,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Deliveries & { next?: string }> {
  const { db } = chat.store;
  if ((await meById(db, actor.userId))?.role !== 'owner') refuse('server.not_owner', {});
  const found = await listDeliveries(db, readCursor(cursor, place)?.id, limit + 1);
  const deliveries = found.slice(0, limit);
  const last = deliveries.at(-1);
  return {
    deliveries,
    users: await usersByIds(db, [...new Set(deliveries.map(({ userId }) => userId))]),
    ...(found.length > limit && last && { next: writeCursor({ id: last.id }) }),
  };
}
