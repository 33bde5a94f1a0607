import type { Id, Seq } from '@carpenter/protocol';
import type { Connection } from './database.ts';
import { iso, type Time } from './rows.ts';

export interface MailRow {
  readonly address: string;
  readonly everyHours: 1 | 24;
  readonly confirmed: boolean;
  /** When the last code went out, ms ago. */
  readonly codeAgeMs: number;
}

export async function mailOf(db: Connection, userId: Id): Promise<MailRow | undefined> {
  const { rows } = await db.query<MailRow>({
    name: 'mail.of',
    text: `SELECT address, every_hours AS "everyHours", code_hash IS NULL AS confirmed,
                  (extract(epoch FROM now() - code_at) * 1000)::bigint AS "codeAgeMs"
             FROM email_addresses WHERE user_id = $1`,
    values: [userId],
  });
  return rows[0];
}

/** A new address, which waits to be confirmed. Nothing that was missed before this moment is told. */
export async function putMail(
  db: Connection,
  userId: Id,
  given: { address: string; everyHours: number; codeHash: Buffer },
): Promise<void> {
  await db.query({
    name: 'mail.put',
    text: `INSERT INTO email_addresses (user_id, address, every_hours, code_hash) VALUES ($1, $2, $3, $4)
           ON CONFLICT (user_id) DO UPDATE SET address = excluded.address, every_hours = excluded.every_hours,
             code_hash = excluded.code_hash, code_tries = 0, code_at = now(), looked_at = now()`,
    values: [userId, given.address, given.everyHours, given.codeHash],
  });
}

export async function setMailRhythm(db: Connection, userId: Id, everyHours: number): Promise<void> {
  await db.query({
    name: 'mail.rhythm',
    text: 'UPDATE email_addresses SET every_hours = $2 WHERE user_id = $1',
    values: [userId, everyHours],
  });
}

/** One of five tries within an hour. @returns whether it was the right one */
export async function confirmMail(db: Connection, userId: Id, codeHash: Buffer): Promise<boolean> {
  const { rows } = await db.query<{ confirmed: boolean }>({
    name: 'mail.confirm',
    text: `UPDATE email_addresses SET code_tries = code_tries + 1, code_hash = CASE WHEN code_hash = $2 THEN NULL ELSE code_hash END
            WHERE user_id = $1 AND code_hash IS NOT NULL AND code_tries < 5 AND code_at > now() - interval '1 hour'
        RETURNING code_hash IS NULL AS confirmed`,
    values: [userId, codeHash],
  });
  return rows[0]?.confirmed ?? false;
}

export async function deleteMail(db: Connection, userId: Id): Promise<void> {
  await db.query({ name: 'mail.delete', text: 'DELETE FROM email_addresses WHERE user_id = $1', values: [userId] });
}

export interface DueDigest {
  readonly userId: Id;
  readonly name: string;
  readonly address: string;
  /** What was missed since then counts. */
  readonly since: string;
}

/** Takes those whose time has come, each once: a mail that fails is a delivery of its own. */
export async function takeDueDigests(db: Connection, limit: number): Promise<DueDigest[]> {
  const { rows } = await db.query<Omit<DueDigest, 'since'> & { since: Time }>({
    name: 'mail.take_due',
    text: `UPDATE email_addresses e SET looked_at = now()
             FROM (SELECT e.user_id, e.looked_at AS since, u.display_name
                     FROM email_addresses e JOIN users u ON u.id = e.user_id AND u.suspended_at IS NULL
                    WHERE e.code_hash IS NULL AND e.looked_at < now() - e.every_hours * interval '1 hour'
                    ORDER BY e.looked_at LIMIT $1 FOR UPDATE OF e SKIP LOCKED) due
            WHERE e.user_id = due.user_id
        RETURNING e.user_id AS "userId", due.display_name AS name, e.address, due.since`,
    values: [limit],
  });
  return rows.map(row => ({ ...row, since: iso(row.since) }));
}

/** One of them once more. Undefined: they want no mail any more. */
export async function digestOf(db: Connection, userId: Id, since: string): Promise<DueDigest | undefined> {
  const { rows } = await db.query<Omit<DueDigest, 'since'>>({
    name: 'mail.digest_of',
    text: `SELECT e.user_id AS "userId", u.display_name AS name, e.address
             FROM email_addresses e JOIN users u ON u.id = e.user_id AND u.suspended_at IS NULL
            WHERE e.user_id = $1 AND e.code_hash IS NULL`,
    values: [userId],
  });
  return rows[0] && { ...rows[0], since };
}

export interface Missed {
  readonly conversationId: Id;
  readonly seq: Seq;
  readonly name: string | null;
  readonly sender: string;
  readonly text: string;
  readonly at: string;
}

/**
 * What mentions somebody, or was written to them alone, and they have not read: not muted, not from whom they blocked. A quarter
 * of an hour old, since whoever is just reading has missed nothing. Latest first. Index: messages (conversation_id, seq).
 */
export async function missedBy(db: Connection, userId: Id, since: string, limit: number): Promise<Missed[]> {
  const { rows } = await db.query<Omit<Missed, 'at'> & { at: Time }>({
    name: 'mail.missed',
    text: `SELECT m.conversation_id AS "conversationId", m.seq, r.name, u.display_name AS sender, m.text, m.created_at AS at
             FROM members me
             JOIN conversations c ON c.id = me.conversation_id
             JOIN conversations r ON r.id = coalesce(c.parent_id, c.id)
             JOIN conversation_heads h ON h.conversation_id = c.id AND h.last_seq > me.read_seq
             JOIN messages m ON m.conversation_id = c.id AND m.seq > me.read_seq
             JOIN users u ON u.id = m.sender_id
            WHERE me.user_id = $1 AND (me.muted_until IS NULL OR me.muted_until < now()) AND me.notify IS DISTINCT FROM 'nothing'
              AND m.created_at > $2::timestamptz - interval '15 minutes' AND m.created_at <= now() - interval '15 minutes'
              AND (c.type = 'direct' OR m.mentions && ARRAY['all']
                OR m.mentions && ARRAY[$1::text] AND m.from_thread IS NULL) -- who is named in a thread misses it there
              AND m.sender_id <> me.user_id AND m.type = 'text' AND m.deleted_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = me.user_id AND b.blocked_id = m.sender_id)
            ORDER BY m.created_at DESC LIMIT $3`,
    values: [userId, since, limit],
  });
  return rows.map(row => ({ ...row, at: iso(row.at) }));
}
