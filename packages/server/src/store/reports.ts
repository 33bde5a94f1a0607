import type { ConversationType, Id, Message, Report, ReportOutcome, ReportReason, Seq } from '@carpenter/protocol';
import { maxId } from '../ids.ts';
import type { Connection, Db } from './database.ts';
import { iso, type Time } from './rows.ts';

interface ReportRow {
  id: Id;
  conversation_id: Id;
  conversation_type: ConversationType;
  conversation_name: string | null;
  seq: number;
  sender_id: Id;
  reported_by: Id;
  reason: ReportReason;
  text: string;
  context: Message[];
  created_at: Time;
  resolved_at: Time | null;
  resolved_by: Id | null;
  outcome: ReportOutcome | null;
}

const toReport = (row: ReportRow): Report => ({
  id: row.id,
  conversationId: row.conversation_id,
  conversationType: row.conversation_type,
  ...(row.conversation_name !== null && { conversationName: row.conversation_name }),
  seq: row.seq,
  sender: row.sender_id,
  reportedBy: row.reported_by,
  reason: row.reason,
  text: row.text,
  createdAt: iso(row.created_at),
  context: row.context,
  ...(row.resolved_at && { resolvedAt: iso(row.resolved_at) }),
  ...(row.resolved_by && { resolvedBy: row.resolved_by }),
  ...(row.outcome && { outcome: row.outcome }),
});

export interface NewReport {
  readonly id: Id;
  readonly conversationId: Id;
  readonly seq: Seq;
  readonly sender: Id;
  readonly reportedBy: Id;
  readonly reason: ReportReason;
  readonly text: string;
  readonly context: readonly Message[];
}

/** @returns false: this person has reported this message before */
export async function insertReport(db: Db, report: NewReport): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'reports.insert',
    text: `INSERT INTO reports (id, conversation_id, seq, sender_id, reported_by, reason, text, context)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    values: [
      report.id,
      report.conversationId,
      report.seq,
      report.sender,
      report.reportedBy,
      report.reason,
      report.text,
      JSON.stringify(report.context),
    ],
  });
  return rowCount === 1;
}

/**
 * What $1 may settle: reports of conversations where they have one of the roles $2, of threads by their parent; of direct
 * conversations whoever owns the server. Nobody judges what was said of themselves.
 */
const mine = `FROM reports r
    JOIN conversations c ON c.id = r.conversation_id
    LEFT JOIN conversations p ON p.id = c.parent_id
    LEFT JOIN members m ON m.conversation_id = coalesce(c.parent_id, c.id) AND m.user_id = $1
   WHERE r.sender_id <> $1
     AND (m.role = ANY ($2::text[]) OR coalesce(p.type, c.type) = 'direct' AND EXISTS (
           SELECT 1 FROM users u WHERE u.id = $1 AND u.role = 'owner'))`;
const columns = `r.*, c.type AS conversation_type, coalesce(c.name, p.name) AS conversation_name`;

/** Latest first, before the one called `before`. Index: reports_open or reports_resolved. */
export async function reportsFor(
  db: Db,
  userId: Id,
  roles: readonly string[],
  state: 'open' | 'resolved',
  before: Id | undefined,
  limit: number,
): Promise<Report[]> {
  const { rows } = await db.query<ReportRow>({
    name: `reports.${state}`,
    text: `SELECT ${columns} ${mine} AND r.resolved_at IS ${state === 'open' ? '' : 'NOT'} NULL AND r.id < $3
            ORDER BY r.id DESC LIMIT $4`,
    values: [userId, roles, before ?? maxId, limit],
  });
  return rows.map(toReport);
}

export async function countOpen(db: Db, userId: Id, roles: readonly string[]): Promise<number> {
  const { rows } = await db.query<{ n: number }>({
    name: 'reports.count_open',
    text: `SELECT count(*) AS n FROM (SELECT 1 ${mine} AND r.resolved_at IS NULL LIMIT 100) open`,
    values: [userId, roles],
  });
  return rows[0]?.n ?? 0;
}

/** Settled already: stays as it is. @returns undefined where there is no such report for this person */
export async function settleReport(
  db: Connection,
  userId: Id,
  roles: readonly string[],
  id: Id,
  outcome: ReportOutcome,
): Promise<{ report: Report; changed: boolean } | undefined> {
  const settled = await db.query({
    name: 'reports.settle',
    text: `UPDATE reports SET resolved_at = date_trunc('milliseconds', now()), resolved_by = $1, outcome = $4
            WHERE id = $3 AND resolved_at IS NULL AND EXISTS (SELECT 1 ${mine} AND r.id = $3)`,
    values: [userId, roles, id, outcome],
  });
  const { rows } = await db.query<ReportRow>({
    name: 'reports.one',
    text: `SELECT ${columns} ${mine} AND r.id = $3`,
    values: [userId, roles, id],
  });
  return rows[0] && { report: toReport(rows[0]), changed: settled.rowCount === 1 };
}

/** Who may settle reports of a conversation, at most 1,000 of them. */
export async function settlersOf(
  db: Connection,
  conversationId: Id,
  roles: readonly string[],
  sender: Id,
): Promise<Id[]> {
  const { rows } = await db.query<[Id]>({
    name: 'reports.settlers',
    text: `SELECT m.user_id FROM conversations c JOIN members m ON m.conversation_id = coalesce(c.parent_id, c.id)
            WHERE c.id = $1 AND m.role = ANY ($2::text[]) AND m.user_id <> $3
           UNION
           SELECT u.id FROM users u, conversations c LEFT JOIN conversations p ON p.id = c.parent_id
            WHERE c.id = $1 AND coalesce(p.type, c.type) = 'direct' AND u.role = 'owner' AND u.id <> $3 LIMIT 1000`,
    values: [conversationId, roles, sender],
    rowMode: 'array',
  });
  return rows.map(([id]) => id);
}
