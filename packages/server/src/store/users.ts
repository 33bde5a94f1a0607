import type { Id, Me, Preferences, Profile, ServerRole, User } from '@carpenter/protocol';
import type { Connection, Db } from './database.ts';
import { iso, literal, type Time } from './rows.ts';
import { activeStatus, type StatusRow, toStatus } from './statuses.ts';
import { askedTogether } from './together.ts';

interface UserRow {
  id: Id;
  username: string;
  display_name: string;
  pronouns: string | null;
  time_zone: string | null;
  about: string | null;
  picture_id: Id | null;
  created_at: Time;
}
const userColumns = 'u.id, u.username, u.display_name, u.pronouns, u.time_zone, u.about, u.picture_id, u.created_at';
const toUser = (row: UserRow): User => ({
  id: row.id,
  username: row.username,
  displayName: row.display_name,
  ...(row.pronouns !== null && { pronouns: row.pronouns }),
  ...(row.time_zone !== null && { timeZone: row.time_zone }),
  ...(row.about !== null && { about: row.about }),
  ...(row.picture_id !== null && { pictureId: row.picture_id }),
  createdAt: iso(row.created_at),
});

interface MeRow extends UserRow {
  role: ServerRole;
  preferences: Preferences;
  status: StatusRow | null;
}
const meColumns = `${userColumns}, u.role, u.preferences,
  (SELECT to_jsonb(s) FROM custom_statuses s WHERE s.user_id = u.id AND ${activeStatus}) AS status`;
const toMe = (row: MeRow): Me => ({
  ...toUser(row),
  role: row.role,
  preferences: row.preferences,
  ...(row.status && { status: toStatus(row.status) }),
});

export const meById = askedTogether(async (db, ids: readonly Id[]) => {
  const { rows } = await db.query<MeRow>({
    name: 'users.me',
    text: `SELECT ${meColumns} FROM users u WHERE u.id = ANY ($1::uuid[])`,
    values: [ids],
  });
  const found = new Map(rows.map(row => [row.id, toMe(row)]));
  return ids.map(id => found.get(id));
});

/** Those of them that exist, in no special order. */
export const usersByIds = askedTogether(async (db, asked: readonly (readonly Id[])[]) => {
  const { rows } = await db.query<UserRow>({
    name: 'users.by_ids',
    text: `SELECT ${userColumns} FROM users u WHERE u.id = ANY ($1::uuid[])`,
    values: [[...new Set(asked.flat())]],
  });
  const found = new Map(rows.map(row => [row.id, toUser(row)]));
  return asked.map(ids => [...new Set(ids)].flatMap(id => found.get(id) ?? []));
});

/**
 * People whose username begins with `words`, or whose display name holds them; everybody for ''. By username.
 * Index: users (username); display names are read through, which is fine for the tens of thousands of one server.
 * @param after  username of the last one seen; '' for none
 */
export async function searchUsers(
  db: Db,
  words: string,
  after: string,
  limit: number,
  /** Only those who share a conversation with this person, and themselves. */
  near?: Id,
): Promise<User[]> {
  const { rows } = await db.query<UserRow>({
    name: near ? 'users.search_near' : 'users.search',
    text: `SELECT ${userColumns} FROM users u
            WHERE u.username > $3 AND (u.username LIKE lower($1) || '%' OR u.display_name ILIKE '%' || $2 || '%')
              ${near ? 'AND (u.id = $5 OR EXISTS (SELECT 1 FROM members a JOIN members b USING (conversation_id) WHERE a.user_id = $5 AND b.user_id = u.id))' : ''}
            ORDER BY u.username LIMIT $4`,
    values: [literal(words), literal(words), after, limit, ...(near ? [near] : [])],
  });
  return rows.map(toUser);
}

export interface UserPatch extends Patch<Profile> {
  readonly displayName?: string | undefined;
  readonly preferences?: Preferences | undefined;
}
/** Left out: as it was; an empty text: none any more. */
type Patch<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Given preferences replace single keys, null takes one away. @returns undefined when they would be more than 4 KiB together */
export async function updateUser(db: Db, id: Id, patch: UserPatch): Promise<Me | undefined> {
  const given = patch.preferences ?? {};
  const { rows } = await db.query<MeRow>({
    name: 'users.update',
    text: `UPDATE users u
              SET display_name = coalesce($2, u.display_name), preferences = (u.preferences || $3::jsonb) - $4::text[],
                  pronouns = nullif(coalesce($5, u.pronouns), ''), time_zone = nullif(coalesce($6, u.time_zone), ''),
                  about = nullif(coalesce($7, u.about), '')
            WHERE u.id = $1 AND octet_length(((u.preferences || $3::jsonb) - $4::text[])::text) <= 4096
            RETURNING ${meColumns}`,
    values: [
      id,
      patch.displayName ?? null,
      JSON.stringify(given),
      Object.keys(given).filter(key => given[key] === null),
      patch.pronouns ?? null,
      patch.timeZone ?? null,
      patch.about ?? null,
    ],
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
export async function insertAccount(db: Connection, account: NewAccount): Promise<Me> {
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

/** @returns the account, where something changed; undefined: there is none, or it was so before */
export async function setSuspended(db: Connection, username: string, suspended: boolean): Promise<Id | undefined> {
  const { rows } = await db.query<{ id: Id }>({
    name: 'users.set_suspended',
    text: `UPDATE users SET suspended_at = CASE WHEN $2 THEN now() END
            WHERE username = $1 AND (suspended_at IS NOT NULL) <> $2 RETURNING id`,
    values: [username, suspended],
  });
  return rows[0]?.id;
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

export async function passwordHashOf(db: Db, userId: Id): Promise<string | undefined> {
  const { rows } = await db.query<{ password_hash: string }>({
    name: 'users.password_hash',
    text: 'SELECT password_hash FROM credentials WHERE user_id = $1',
    values: [userId],
  });
  return rows[0]?.password_hash;
}

/** @returns false: it is another one than `before` by now */
export async function setPassword(db: Connection, userId: Id, before: string, passwordHash: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'users.set_password',
    text: 'UPDATE credentials SET password_hash = $3, changed_at = now() WHERE user_id = $1 AND password_hash = $2',
    values: [userId, before, passwordHash],
  });
  return rowCount === 1;
}

/** Whether they still have to come into the conversations of everybody. Guests never do. */
export async function needsWelcome(db: Db, userId: Id): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'users.needs_welcome',
    text: `SELECT 1 FROM users WHERE id = $1 AND welcomed_at IS NULL AND role <> 'guest'`,
    values: [userId],
  });
  return rowCount === 1;
}

export async function setWelcomed(db: Db, userIds: readonly Id[]): Promise<void> {
  await db.query({
    name: 'users.set_welcomed',
    text: 'UPDATE users SET welcomed_at = now() WHERE id = ANY ($1::uuid[])',
    values: [userIds],
  });
}

/** The first `limit` accounts that nobody welcomed yet. */
export async function unwelcomed(db: Db, limit: number): Promise<Id[]> {
  const { rows } = await db.query<{ id: Id }>({
    name: 'users.unwelcomed',
    text: `SELECT id FROM users WHERE welcomed_at IS NULL AND role <> 'guest' ORDER BY id LIMIT $1`,
    values: [limit],
  });
  return rows.map(row => row.id);
}
