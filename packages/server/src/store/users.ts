import type { Id, Me, Preferences, ServerRole, User } from '@carpenter/protocol';
import type { Connection, Db } from './database.ts';
import { iso, type Time } from './rows.ts';

interface UserRow {
  id: Id;
  username: string;
  display_name: string;
  created_at: Time;
}
const userColumns = 'u.id, u.username, u.display_name, u.created_at';
const toUser = (row: UserRow): User => ({
  id: row.id,
  username: row.username,
  displayName: row.display_name,
  createdAt: iso(row.created_at),
});

interface MeRow extends UserRow {
  role: ServerRole;
  preferences: Preferences;
}
const meColumns = `${userColumns}, u.role, u.preferences`;
const toMe = (row: MeRow): Me => ({ ...toUser(row), role: row.role, preferences: row.preferences });

export async function meById(db: Connection, id: Id): Promise<Me | undefined> {
  const { rows } = await db.query<MeRow>({
    name: 'users.me',
    text: `SELECT ${meColumns} FROM users u WHERE u.id = $1`,
    values: [id],
  });
  return rows[0] && toMe(rows[0]);
}

/** Those of them that exist, in no special order. */
export async function usersByIds(db: Connection, ids: readonly Id[]): Promise<User[]> {
  const { rows } = await db.query<UserRow>({
    name: 'users.by_ids',
    text: `SELECT ${userColumns} FROM users u WHERE u.id = ANY($1::uuid[])`,
    values: [ids],
  });
  return rows.map(toUser);
}

/**
 * People whose username begins with `words`, or whose display name holds them; everybody for ''. By username.
 * Index: users (username); display names are read through, which is fine for the tens of thousands of one server.
 * @param after  username of the last one seen; '' for none
 */
export async function searchUsers(db: Db, words: string, after: string, limit: number): Promise<User[]> {
  const literal = words.replace(/[\\%_]/g, '\\$&');
  const { rows } = await db.query<UserRow>({
    name: 'users.search',
    text: `SELECT ${userColumns} FROM users u
            WHERE u.username > $3 AND (u.username LIKE lower($1) || '%' OR u.display_name ILIKE '%' || $2 || '%')
            ORDER BY u.username LIMIT $4`,
    values: [literal, literal, after, limit],
  });
  return rows.map(toUser);
}

/** Given preferences replace single keys. @returns undefined when they would be more than 4 KiB together */
export async function updateUser(
  db: Db,
  id: Id,
  patch: { displayName?: string | undefined; preferences?: Preferences | undefined },
): Promise<Me | undefined> {
  const { rows } = await db.query<MeRow>({
    name: 'users.update',
    text: `UPDATE users u SET display_name = coalesce($2, u.display_name), preferences = u.preferences || $3::jsonb
            WHERE u.id = $1 AND octet_length((u.preferences || $3::jsonb)::text) <= 4096
            RETURNING ${meColumns}`,
    values: [id, patch.displayName ?? null, JSON.stringify(patch.preferences ?? {})],
  });
  return rows[0] && toMe(rows[0]);
}

export interface NewAccount {
  readonly id: Id;
  readonly username: string;
  readonly displayName: string;
  readonly role: ServerRole;
  /** PHC string. */
  readonly passwordHash: string;
}

/** User and credentials in one statement. @throws the driver's unique violation: see `takenBy` */
export async function insertAccount(db: Db, account: NewAccount): Promise<Me> {
  const { rows } = await db.query<MeRow>({
    name: 'users.insert',
    text: `WITH u AS (
             INSERT INTO users (id, username, display_name, role) VALUES ($1, $2, $3, $4) RETURNING *
           ), c AS (
             INSERT INTO credentials (user_id, password_hash) VALUES ($1, $5)
           )
           SELECT ${meColumns} FROM u`,
    values: [account.id, account.username, account.displayName, account.role, account.passwordHash],
  });
  const [row] = rows;
  if (!row) throw new Error('the inserted account did not come back');
  return toMe(row);
}

/** What an insert of an account ran into; undefined for any other error. */
export function takenBy(error: unknown): 'username' | 'owner' | undefined {
  if (!(error instanceof Error) || !('constraint' in error)) return undefined;
  if (error.constraint === 'users_username_key') return 'username';
  return error.constraint === 'users_one_owner' ? 'owner' : undefined;
}

export async function anyAccount(db: Db): Promise<boolean> {
  const { rows } = await db.query<{ any: boolean }>({
    name: 'users.any',
    text: 'SELECT EXISTS (SELECT 1 FROM users) AS any',
  });
  return rows[0]?.any ?? false;
}

export async function usernameTaken(db: Db, username: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'users.taken',
    text: 'SELECT 1 FROM users WHERE username = $1',
    values: [username],
  });
  return rowCount === 1;
}

export interface Credentials {
  readonly user: Me;
  readonly passwordHash: string;
  readonly suspended: boolean;
}

export async function credentialsOf(db: Db, username: string): Promise<Credentials | undefined> {
  const { rows } = await db.query<MeRow & { password_hash: string; suspended: boolean }>({
    name: 'users.credentials',
    text: `SELECT ${meColumns}, c.password_hash, u.suspended_at IS NOT NULL AS suspended
             FROM users u JOIN credentials c ON c.user_id = u.id WHERE u.username = $1`,
    values: [username],
  });
  return rows[0] && { user: toMe(rows[0]), passwordHash: rows[0].password_hash, suspended: rows[0].suspended };
}
