import { type Me, refuse, reservedUsernames, type ServerRole } from '@carpenter/protocol';
import { v7 } from '../ids.ts';
import type { Db } from '../store/database.ts';
import { anyAccount, insertAccount, takenBy, usernameTaken } from '../store/users.ts';
import { hashPassword, isPasswordHash } from './password.ts';

/** Both names as `username` and `displayName` of the protocol leave them. */
export type AccountInput = {
  username: string;
  displayName?: string | undefined;
  /** A guest of this server; never the first account. */
  guest?: boolean;
} & (
  | { password: string }
  | { /** PHC string of argon2id, when many accounts are made and one hash will do. */ passwordHash: string }
);

/** By somebody, or by what stands for everybody: `@all` must not be a person. */
export const isTaken = async (db: Db, username: string): Promise<boolean> =>
  reservedUsernames.has(username) || (await usernameTaken(db, username));

/** The first account of a server is its owner, also when several register at the same moment. @throws account.taken */
export async function createAccount(db: Db, input: AccountInput): Promise<Me> {
  if (reservedUsernames.has(input.username)) refuse('account.taken', {});
  const passwordHash = 'passwordHash' in input ? input.passwordHash : await hashPassword(input.password);
  if (!isPasswordHash(passwordHash)) throw new TypeError('passwordHash must be a PHC string of argon2id');
  const { username, displayName = username, guest } = input;
  const account = { id: v7(), username, displayName, passwordHash };
  const store = (role: ServerRole) => insertAccount(db, { ...account, role });
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
