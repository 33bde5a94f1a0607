import type { Id, Seq } from '@carpenter/protocol';
import { maxId } from '../ids.ts';
import type { Connection } from './database.ts';
import { iso, type Time } from './rows.ts';

/** Something that did not reach somebody. */
export interface FailedDelivery {
  readonly id: Id;
  readonly userId: Id;
  readonly over: 'push' | 'email';
  readonly subscriptionId?: Id | undefined;
  readonly device: string;
  readonly about?: { readonly conversationId: Id; readonly seq: Seq; readonly senderId: Id } | undefined;
  readonly error: string;
  /** Absent: given up at once. */
  readonly nextTryInMs?: number | undefined;
}

/** What waits already for the same device and conversation waits for the newer message from now on, as that replaces the older one on a screen. */
export async function insertDeliveries(db: Connection, failed: readonly FailedDelivery[]): Promise<void> {
  for (const one of failed) {
    await db.query({
      name: 'deliveries.insert',
      text: `INSERT INTO deliveries (id, user_id, over, subscription_id, device, conversation_id, seq, sender_id, last_error, next_try,
                                     given_up_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + $10 * interval '1 ms', CASE WHEN $10::bigint IS NULL THEN now() END)
             ON CONFLICT (subscription_id, conversation_id) WHERE next_try IS NOT NULL DO UPDATE SET
               seq = greatest(deliveries.seq, excluded.seq), sender_id = excluded.sender_id, last_error = excluded.last_error`,
      values: [
        one.id,
        one.userId,
        one.over,
        one.subscriptionId ?? null,
        one.device,
        one.about?.conversationId ?? null,
        one.about?.seq ?? null,
        one.about?.senderId ?? null,
        one.error,
        one.nextTryInMs ?? null,
      ],
    });
  }
}

/** One that is due. */
export interface DueDelivery {
  readonly id: Id;
  readonly userId: Id;
  readonly over: 'push' | 'email';
  readonly subscriptionId: Id | null;
  readonly conversationId: Id | null;
  readonly seq: Seq | null;
  readonly attempts: number;
  readonly ageMs: number;
}

/** Takes some that are due, for five minutes: another node does not take them meanwhile, and a crash gives them back. */
export async function takeDue(db: Connection, limit: number): Promise<DueDelivery[]> {
  const { rows } = await db.query<DueDelivery>({
    name: 'deliveries.take',
    text: `UPDATE deliveries d SET next_try = now() + interval '5 minutes', attempts = d.attempts + 1
             FROM (SELECT id FROM deliveries WHERE next_try <= now() ORDER BY next_try LIMIT $1 FOR UPDATE SKIP LOCKED) due
            WHERE d.id = due.id
        RETURNING d.id, d.user_id AS "userId", d.over, d.subscription_id AS "subscriptionId",
                  d.conversation_id AS "conversationId", d.seq, d.attempts,
                  (extract(epoch FROM now() - d.created_at) * 1000)::bigint AS "ageMs"`,
    values: [limit],
  });
  return rows;
}

/** It succeeded, or nobody needs it any more. */
export async function deleteDelivery(db: Connection, id: Id): Promise<void> {
  await db.query({ name: 'deliveries.delete', text: 'DELETE FROM deliveries WHERE id = $1', values: [id] });
}

/** @param nextTryInMs  absent: given up */
export async function noteFailure(db: Connection, id: Id, error: string, nextTryInMs?: number): Promise<void> {
  await db.query({
    name: 'deliveries.failed',
    text: `UPDATE deliveries SET last_error = $2, next_try = now() + $3 * interval '1 ms',
                  given_up_at = CASE WHEN $3::bigint IS NULL THEN now() END
            WHERE id = $1`,
    values: [id, error, nextTryInMs ?? null],
  });
}

/** As it is shown. */
export interface ShownDelivery {
  readonly id: Id;
  readonly userId: Id;
  readonly over: 'push' | 'email';
  readonly device: string;
  readonly attempts: number;
  readonly lastError: string;
  readonly createdAt: string;
  readonly nextTryAt?: string;
  readonly givenUpAt?: string;
}
interface ShownRow {
  id: Id;
  user_id: Id;
  over: 'push' | 'email';
  device: string;
  attempts: number;
  last_error: string;
  created_at: Time;
  next_try: Time | null;
  given_up_at: Time | null;
}
const shownColumns = 'id, user_id, over, device, attempts, last_error, created_at, next_try, given_up_at';
const toShown = (row: ShownRow): ShownDelivery => ({
  id: row.id,
  userId: row.user_id,
  over: row.over,
  device: row.device,
  attempts: row.attempts,
  lastError: row.last_error,
  createdAt: iso(row.created_at),
  ...(row.next_try && { nextTryAt: iso(row.next_try) }),
  ...(row.given_up_at && { givenUpAt: iso(row.given_up_at) }),
});

/** A page of all of them, latest first, after `after`. */
export async function listDeliveries(db: Connection, after: Id | undefined, limit: number): Promise<ShownDelivery[]> {
  const { rows } = await db.query<ShownRow>({
    name: 'deliveries.list',
    text: `SELECT ${shownColumns} FROM deliveries WHERE id < $1 ORDER BY id DESC LIMIT $2`,
    values: [after ?? maxId, limit],
  });
  return rows.map(toShown);
}

/** Of one message, for its sender; of one person alone for that person. Index: deliveries_of_message. */
export async function deliveriesOf(
  db: Connection,
  conversationId: Id,
  seq: Seq,
  userId: Id | undefined,
): Promise<ShownDelivery[]> {
  const { rows } = await db.query<ShownRow>({
    name: 'deliveries.of_message',
    text: `SELECT ${shownColumns} FROM deliveries
            WHERE conversation_id = $1 AND seq = $2 AND ($3::uuid IS NULL OR user_id = $3) ORDER BY id LIMIT 100`,
    values: [conversationId, seq, userId ?? null],
  });
  return rows.map(toShown);
}

/** What was given up, decided or fetched long ago is nobody's question any more. */
export async function forgetOldNotifications(db: Connection, days: number): Promise<void> {
  await db.query(`DELETE FROM deliveries WHERE given_up_at < now() - $1 * interval '1 day'`, [days]);
  await db.query(`DELETE FROM notified WHERE at < now() - $1 * interval '1 day'`, [days]);
  await db.query('DELETE FROM link_previews WHERE expires_at < now()');
}
