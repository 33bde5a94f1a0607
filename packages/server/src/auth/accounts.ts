import { type Me, refuse, reservedUsernames, type ServerRole } from '@carpenter/protocol';
import { v7 } from '../ids.ts';
import { type AuditedBy, record } from '../store/audit.ts';
import { type Connection, type Db, transaction } from '../store/database.ts';
import { anyAccount, insertAccount, setSuspended, takenBy, usernameTaken } from '../store/users.ts';
import { hashPassword, isPasswordHash } from './password.ts';

/** Both names as `username` and `displayName` of the protocol leave them. */
export type AccountInput = {
  username: string;
  displayName?: string | undefined;
  /** A guest of this server; never the first account. */
  guest?: boolean;
  /** Done in the same transaction: without it there is no account. */
  alongside?: ((tx: Connection, me: Me) => Promise<void>) | undefined;
} & (
  | { password: string }
  | { /** PHC string of argon2id, when many accounts are made and one hash will do. */ passwordHash: string }
);

/** By somebody, or by what stands for everybody: `@all` must not be a person. */
export const isTaken = async (db: Db, username: string): Promise<boolean> =>
  reservedUsernames.has(username) || (await usernameTaken(db, username));

/**
 * The first account of a server is its owner, also when several register at the same moment.
 * @param by  who makes it; absent: somebody for themselves
 * @throws account.taken
 */
export async function createAccount(db: Db, input: AccountInput, by: AuditedBy = {}): Promise<Me> {
  if (reservedUsernames.has(input.username)) refuse('account.taken', {});
  const passwordHash = 'passwordHash' in input ? input.passwordHash : await hashPassword(input.password);
  if (!isPasswordHash(passwordHash)) throw new TypeError('passwordHash must be a PHC string of argon2id');
  const { username, displayName = username, guest } = input;
  const account = { id: v7(), username, displayName, passwordHash };
  const store = (role: ServerRole) =>
    transaction(db, async tx => {
      const me = await insertAccount(tx, { ...account, role });
      await record(tx, 'account.created', by, { userId: me.id }, { role });
      await input.alongside?.(tx, me);
      return me;
    });
  try {
    if (await anyAccount(db)) return await store(guest ? 'guest' : 'member');
    return await store('owner').catch(error => {
      if (takenBy(error) === 'owner') return store('member'); // somebody else was first, just now
      throw error;
    });
  } catch (error) {
    if (takenBy(error) === 'username') refuse('account.taken', {});
    throw error;
  }
}

/**
 * Lets somebody do nothing any more, or do it again. Their logins stay and open nothing meanwhile; connections end when the gateway
 * looks after them (`sessionCheckMs`).
 * @returns false: it was so before, or nobody has that name
 */
export const suspendAccount = (db: Db, username: string, suspended: boolean, by: AuditedBy): Promise<boolean> =>
  transaction(db, async tx => {
    const userId = await setSuspended(tx, username, suspended);
    if (userId) await record(tx, suspended ? 'account.suspended' : 'account.restored', by, { userId }, {});
    return userId !== undefined;
  });
