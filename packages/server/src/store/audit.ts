import type { Id, Invite, MemberRole, ReportOutcome, Seq, ServerRole, Visibility } from '@carpenter/protocol';
import { v7 } from '../ids.ts';
import type { Connection, Db } from './database.ts';
import { iso, type Time } from './rows.ts';
import type { EndReason } from './sessions.ts';

/**
 * Everything that is written down, with what is said of it beside who, whom and where. The types allow ids, numbers and words of
 * ours: what people write, and what opens a door, has no place in it.
 */
export interface AuditDetails {
  'account.created': { readonly role: ServerRole };
  'account.suspended': Record<never, never>;
  'account.restored': Record<never, never>;
  /** `device`: as the list of sessions shows it. */
  'session.begun': { readonly device: string };
  /** `sessionId`: the one that ended, which may be another than the one that ended it. */
  'session.ended': { readonly sessionId: Id; readonly because: EndReason };
  /** Without `on` where nobody has that name: what was typed there may have been a password. */
  'session.refused': { readonly because: 'auth.wrong' | 'auth.suspended' };
  'password.changed': { readonly sessionsEnded: readonly Id[] };
  'password.refused': Record<never, never>;
  'member.role_changed': { readonly from: MemberRole; readonly to: MemberRole };
  'member.removed': { readonly role: MemberRole };
  'conversation.configured': {
    readonly visibility?: Visibility | undefined;
    readonly writers?: string | undefined;
    readonly archived?: boolean | undefined;
  };
  'conversation.deleted': { readonly members: number };
  'invite.made': {
    readonly inviteId: Id;
    readonly role: Invite['role'];
    readonly expiresAt?: string | undefined;
    readonly maxUses?: number | undefined;
  };
  'invite.used': { readonly inviteId: Id; readonly role: Invite['role'] };
  'invite.withdrawn': { readonly inviteId: Id };
  /** Somebody deleted a message of somebody else. */
  'message.removed': { readonly seq: Seq };
  'report.settled': { readonly reportId: Id; readonly seq: Seq; readonly outcome: ReportOutcome };
}
export type Audited = keyof AuditDetails;

/** Who did it: an account in a session, somebody unknown at an address, or an operator on the machine. */
export interface AuditedBy {
  readonly userId?: Id | undefined;
  readonly sessionId?: Id | undefined;
  /** As `addressKey` leaves it. */
  readonly address?: string | undefined;
  /** The account of the machine that ran a command. */
  readonly operator?: string | undefined;
}

/** Writes one line, in the transaction of the act where it is given one: then neither is there without the other. */
export async function record<A extends Audited>(
  db: Connection,
  what: A,
  by: AuditedBy,
  on: { readonly userId?: Id | undefined; readonly conversationId?: Id | undefined },
  details: AuditDetails[A],
): Promise<void> {
  await db.query({
    name: 'audit.record',
    text: `INSERT INTO audit_log (id, what, by_user, by_session, address, operator, on_user, on_conversation, details)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [
      v7(),
      what,
      by.userId ?? null,
      by.sessionId ?? null,
      by.address ?? null,
      by.operator ?? null,
      on.userId ?? null,
      on.conversationId ?? null,
      JSON.stringify(details),
    ],
  });
}

/** A line as it is read. Names are those of today; absent: the account or conversation is gone, or there was none. */
export interface AuditLine {
  readonly at: string;
  readonly what: string;
  readonly by?: { readonly userId: Id; readonly username?: string };
  readonly sessionId?: Id;
  readonly address?: string;
  readonly operator?: string;
  readonly onUser?: { readonly userId: Id; readonly username?: string };
  readonly onConversation?: Id;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface AuditFilter {
  /** What somebody did, and what was done to them. */
  readonly username?: string | undefined;
  /** All of it, or the part before the dot. */
  readonly what?: string | undefined;
  readonly conversationId?: Id | undefined;
  readonly since?: Date | undefined;
  readonly limit: number;
}

interface AuditRow {
  at: Time;
  what: string;
  by_user: Id | null;
  by_name: string | null;
  by_session: Id | null;
  address: string | null;
  operator: string | null;
  on_user: Id | null;
  on_name: string | null;
  on_conversation: Id | null;
  details: Record<string, unknown>;
}

const person = (userId: Id | null, username: string | null) =>
  userId ? { userId, ...(username !== null && { username }) } : undefined;

function toLine(row: AuditRow): AuditLine {
  const [by, onUser] = [person(row.by_user, row.by_name), person(row.on_user, row.on_name)];
  return {
    at: iso(row.at),
    what: row.what,
    ...(by && { by }),
    ...(row.by_session && { sessionId: row.by_session }),
    ...(row.address && { address: row.address }),
    ...(row.operator && { operator: row.operator }),
    ...(onUser && { onUser }),
    ...(row.on_conversation && { onConversation: row.on_conversation }),
    details: row.details,
  };
}

/** The latest lines that fit, oldest first. Indexes: audit_log_at, or of whom or where is asked for. */
export async function readAudit(db: Db, filter: AuditFilter): Promise<AuditLine[]> {
  const { username = null, what = null, conversationId = null, since = null, limit } = filter;
  const { rows } = await db.query<AuditRow>({
    name: 'audit.read',
    text: `SELECT a.*, b.username AS by_name, o.username AS on_name FROM audit_log a
             LEFT JOIN users b ON b.id = a.by_user LEFT JOIN users o ON o.id = a.on_user
            WHERE ($1::text IS NULL OR a.by_user = (SELECT id FROM users WHERE username = $1)
                                    OR a.on_user = (SELECT id FROM users WHERE username = $1))
              AND ($2::text IS NULL OR a.what = $2 OR split_part(a.what, '.', 1) = $2)
              AND ($3::uuid IS NULL OR a.on_conversation = $3)
              AND ($4::timestamptz IS NULL OR a.at >= $4)
            ORDER BY a.at DESC, a.id DESC LIMIT $5`,
    values: [username, what, conversationId, since, limit],
  });
  return rows.map(toLine).reverse();
}

/** @returns how many lines went */
export async function sweepAudit(db: Db, days: number): Promise<number> {
  const { rowCount } = await db.query({
    name: 'audit.sweep',
    text: `DELETE FROM audit_log WHERE id = ANY (ARRAY(
             SELECT id FROM audit_log WHERE at < now() - $1 * interval '1 day' ORDER BY at LIMIT 10000))`,
    values: [days],
  });
  return rowCount ?? 0;
}

/**
 * Whether somebody of this name logged in from this address, as far back as is written down. The next of an order is asked for, not
 * any one that is equal: so no plan looks better than one step in the index audit_log_came_from.
 */
export async function cameFrom(db: Db, username: string, address: string): Promise<boolean> {
  const { rows } = await db.query<{ came: boolean }>({
    name: 'audit.came_from',
    text: `SELECT by_user = (SELECT id FROM users WHERE username = $1) AND address = $2 AS came FROM audit_log
            WHERE what = 'session.begun' AND (by_user, address) >= ((SELECT id FROM users WHERE username = $1), $2)
            ORDER BY by_user, address LIMIT 1`,
    values: [username, address],
  });
  return rows[0]?.came ?? false;
}
