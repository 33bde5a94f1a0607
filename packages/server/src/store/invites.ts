import type { FreshInvite, Id, Invite, MemberRole } from '@carpenter/protocol';
import { maxId } from '../ids.ts';
import type { Connection, Db } from './database.ts';
import { iso, only, type Time } from './rows.ts';

interface InviteRow {
  id: Id;
  code: string;
  role: Invite['role'];
  created_by: Id;
  created_at: Time;
  expires_at: Time | null;
  max_uses: number | null;
  uses: number;
  withdrawn_at: Time | null;
  conversation_ids: Id[];
}
const columns = `i.id, i.code, i.role, i.created_by, i.created_at, i.expires_at, i.max_uses, i.uses, i.withdrawn_at,
  ARRAY(SELECT ic.conversation_id FROM invite_conversations ic WHERE ic.invite_id = i.id) AS conversation_ids`;

const toInvite = (row: InviteRow): FreshInvite => ({
  id: row.id,
  code: row.code,
  createdBy: row.created_by,
  createdAt: iso(row.created_at),
  ...(row.expires_at && { expiresAt: iso(row.expires_at) }),
  ...(row.max_uses !== null && { maxUses: row.max_uses }),
  uses: row.uses,
  role: row.role,
  conversationIds: row.conversation_ids,
  ...(row.withdrawn_at && { withdrawnAt: iso(row.withdrawn_at) }),
});

export interface NewInvite {
  readonly id: Id;
  readonly code: string;
  readonly role: Exclude<MemberRole, 'owner'>;
  readonly createdBy: Id;
  readonly expiresInSeconds?: number | undefined;
  readonly maxUses?: number | undefined;
  readonly conversationIds: readonly Id[];
}

export async function insertInvite(db: Connection, invite: NewInvite): Promise<FreshInvite> {
  const { rows } = await db.query<Omit<InviteRow, 'conversation_ids'>>({
    name: 'invites.insert',
    text: `WITH i AS (
             INSERT INTO invites (id, code, role, created_by, created_at, expires_at, max_uses)
             SELECT $1, $2, $3, $4, at, at + $5 * interval '1 s', $6 FROM date_trunc('milliseconds', now()) at RETURNING *
           ), c AS (
             INSERT INTO invite_conversations (invite_id, conversation_id) SELECT $1, unnest($7::uuid[])
           ) SELECT * FROM i`,
    values: [
      invite.id,
      invite.code,
      invite.role,
      invite.createdBy,
      invite.expiresInSeconds ?? null,
      invite.maxUses ?? null,
      invite.conversationIds,
    ],
  });
  return toInvite({ ...only(rows), conversation_ids: [...invite.conversationIds] });
}

export async function inviteByCode(db: Connection, code: string): Promise<FreshInvite | undefined> {
  const { rows } = await db.query<InviteRow>({
    name: 'invites.by_code',
    text: `SELECT ${columns} FROM invites i WHERE i.code = $1`,
    values: [code],
  });
  return rows[0] && toInvite(rows[0]);
}

export async function inviteById(db: Connection, id: Id): Promise<FreshInvite | undefined> {
  const { rows } = await db.query<InviteRow>({
    name: 'invites.by_id',
    text: `SELECT ${columns} FROM invites i WHERE i.id = $1`,
    values: [id],
  });
  return rows[0] && toInvite(rows[0]);
}

/** Latest first, before the one called `before`. Index: invite_conversations (conversation_id, invite_id). */
export async function invitesInto(
  db: Db,
  conversationId: Id,
  before: Id | undefined,
  limit: number,
): Promise<FreshInvite[]> {
  const { rows } = await db.query<InviteRow>({
    name: 'invites.into',
    text: `SELECT ${columns} FROM invite_conversations l JOIN invites i ON i.id = l.invite_id
            WHERE l.conversation_id = $1 AND l.invite_id < $2 ORDER BY l.invite_id DESC LIMIT $3`,
    values: [conversationId, before ?? maxId, limit],
  });
  return rows.map(toInvite);
}

/** The same, as it stays until the transaction ends. @returns undefined: there is none any more */
export async function holdInvite(tx: Connection, id: Id): Promise<FreshInvite | undefined> {
  const { rows } = await tx.query<InviteRow>({
    name: 'invites.hold',
    text: `SELECT ${columns} FROM invites i WHERE i.id = $1 FOR UPDATE OF i`,
    values: [id],
  });
  return rows[0] && toInvite(rows[0]);
}

/** Whether one of its uses is theirs. */
export async function hasUsed(db: Connection, id: Id, userId: Id): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'invites.has_used',
    text: 'SELECT FROM invite_uses WHERE invite_id = $1 AND user_id = $2',
    values: [id, userId],
  });
  return rowCount === 1;
}

export async function insertUse(tx: Connection, id: Id, userId: Id): Promise<void> {
  await tx.query({
    name: 'invites.insert_use',
    text: `WITH mine AS (INSERT INTO invite_uses (invite_id, user_id) VALUES ($1, $2))
           UPDATE invites SET uses = uses + 1 WHERE id = $1`,
    values: [id, userId],
  });
}

/** @returns false: it was withdrawn before */
export async function withdrawInvite(db: Connection, id: Id): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'invites.withdraw',
    text: 'UPDATE invites SET withdrawn_at = now() WHERE id = $1 AND withdrawn_at IS NULL',
    values: [id],
  });
  return rowCount === 1;
}
