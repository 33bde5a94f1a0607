import type { Id, Plan, Scheduled } from '@carpenter/protocol';
import type pg from 'pg';
import type { Connection } from './database.ts';
import { iso, type Time } from './rows.ts';

interface ScheduledRow {
  id: Id;
  conversation_id: Id;
  plan: Plan;
  send_at: Time;
  created_at: Time;
  failure: NonNullable<Scheduled['failure']> | null;
}
const columns = 's.id, s.conversation_id, s.plan, s.send_at, s.created_at, s.failure';
const toScheduled = (row: ScheduledRow): Scheduled => ({
  id: row.id,
  conversationId: row.conversation_id,
  ...row.plan,
  sendAt: iso(row.send_at),
  createdAt: iso(row.created_at),
  ...(row.failure && { failure: row.failure }),
});

export interface NewScheduled {
  readonly id: Id;
  readonly clientId: Id;
  readonly conversationId: Id;
  readonly plan: Plan;
  readonly sendAt: string;
}

/** @returns undefined: `max` of this person wait already */
export async function insertScheduled(
  db: Connection,
  userId: Id,
  { id, clientId, conversationId, plan, sendAt }: NewScheduled,
  max: number,
): Promise<Scheduled | undefined> {
  const { rows } = await db.query<ScheduledRow>({
    name: 'scheduled.insert',
    text: `INSERT INTO scheduled AS s (id, user_id, conversation_id, client_id, plan, send_at)
           SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM scheduled WHERE user_id = $2) < $7
           RETURNING ${columns}`,
    values: [id, userId, conversationId, clientId, JSON.stringify(plan), sendAt, max],
  });
  return rows[0] && toScheduled(rows[0]);
}

export async function scheduledById(db: Connection, userId: Id, id: Id): Promise<Scheduled | undefined> {
  const { rows } = await db.query<ScheduledRow>({
    name: 'scheduled.by_id',
    text: `SELECT ${columns} FROM scheduled s WHERE s.id = $1 AND s.user_id = $2`,
    values: [id, userId],
  });
  return rows[0] && toScheduled(rows[0]);
}

/**
 * Another text or time; with a time one that had failed gets another try. One that is being sent at this moment is waited for.
 * @returns undefined: it was sent, or there is none
 */
export async function updateScheduled(
  db: Connection,
  userId: Id,
  id: Id,
  change: { text?: string | undefined; sendAt?: string | undefined },
): Promise<Scheduled | undefined> {
  const { rows } = await db.query<ScheduledRow>({
    name: 'scheduled.update',
    text: `UPDATE scheduled s
              SET plan = CASE WHEN $3::text IS NULL THEN s.plan ELSE s.plan || jsonb_build_object('text', $3::text) END,
                  send_at = coalesce($4, s.send_at), failure = CASE WHEN $4 IS NULL THEN s.failure END
            WHERE s.id = $1 AND s.user_id = $2 RETURNING ${columns}`,
    values: [id, userId, change.text ?? null, change.sendAt ?? null],
  });
  return rows[0] && toScheduled(rows[0]);
}

/** @returns its conversation; undefined: it was sent, or there is none */
export async function deleteScheduled(db: Connection, userId: Id, id: Id): Promise<Id | undefined> {
  const { rows } = await db.query<{ conversation_id: Id }>({
    name: 'scheduled.delete',
    text: 'DELETE FROM scheduled WHERE id = $1 AND user_id = $2 RETURNING conversation_id',
    values: [id, userId],
  });
  return rows[0]?.conversation_id;
}

export interface ScheduledPlace {
  readonly at: string;
  readonly id: Id;
}

/** The next one first. Index: scheduled_of_user. */
export async function scheduledAfter(
  db: Connection,
  userId: Id,
  after: ScheduledPlace | undefined,
  limit: number,
): Promise<Scheduled[]> {
  const { rows } = await db.query<ScheduledRow>({
    name: after ? 'scheduled.after' : 'scheduled.first',
    text: `SELECT ${columns} FROM scheduled s
            WHERE s.user_id = $1 ${after ? 'AND (s.send_at, s.id) > ($3::timestamptz, $4::uuid)' : ''}
            ORDER BY s.send_at, s.id LIMIT $2`,
    values: [userId, limit, ...(after ? [after.at, after.id] : [])],
  });
  return rows.map(toScheduled);
}

export interface Due {
  readonly id: Id;
  readonly clientId: Id;
  readonly conversationId: Id;
  readonly plan: Plan;
  readonly createdAt: string;
  readonly userId: Id;
  readonly username: string;
  readonly suspended: boolean;
}

/** What is due elsewhere than there, held until the transaction ends: another node goes past it. Index: scheduled_due. */
export async function holdDue(tx: pg.ClientBase, elsewhereThan: readonly Id[], limit: number): Promise<Due[]> {
  const { rows } = await tx.query<{
    id: Id;
    client_id: Id;
    conversation_id: Id;
    plan: Plan;
    created_at: Time;
    user_id: Id;
    username: string;
    suspended: boolean;
  }>({
    name: 'scheduled.hold_due',
    text: `SELECT s.id, s.client_id, s.conversation_id, s.plan, s.created_at, s.user_id, u.username,
                  u.suspended_at IS NOT NULL AS suspended
             FROM scheduled s JOIN users u ON u.id = s.user_id
            WHERE s.failure IS NULL AND s.send_at <= now() AND s.conversation_id <> ALL ($1::uuid[])
            ORDER BY s.send_at LIMIT $2 FOR UPDATE OF s SKIP LOCKED`,
    values: [elsewhereThan, limit],
  });
  return rows.map(row => ({
    id: row.id,
    clientId: row.client_id,
    conversationId: row.conversation_id,
    plan: row.plan,
    createdAt: iso(row.created_at),
    userId: row.user_id,
    username: row.username,
    suspended: row.suspended,
  }));
}

/** When the next one is due. */
export async function nextDue(db: Connection): Promise<Date | undefined> {
  const { rows } = await db.query<{ at: Date | null }>({
    name: 'scheduled.next_due',
    text: 'SELECT min(send_at) AS at FROM scheduled WHERE failure IS NULL',
  });
  return rows[0]?.at ?? undefined;
}

export async function writeFailure(
  tx: Connection,
  id: Id,
  failure: NonNullable<Scheduled['failure']>,
): Promise<Scheduled | undefined> {
  const { rows } = await tx.query<ScheduledRow>({
    name: 'scheduled.fail',
    text: `UPDATE scheduled s SET failure = $2 WHERE s.id = $1 RETURNING ${columns}`,
    values: [id, JSON.stringify(failure)],
  });
  return rows[0] && toScheduled(rows[0]);
}
