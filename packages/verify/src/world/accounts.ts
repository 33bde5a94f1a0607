import { randomBytes } from 'node:crypto';
import { createAccount, createLog, hashPassword, openPool } from '@carpenter/server/operator';
import type { Account } from './types.ts';

/** So that it can be found wherever it should not be. */
export const passwordBegin = 'password-of-a-run-';

/** Makes accounts in the database itself: one password and one hash for all, which takes no time. */
export async function makeAccounts(databaseUrl: string, count: number): Promise<Account[]> {
  const password = `${passwordBegin}${randomBytes(15).toString('base64url')}`;
  const passwordHash = await hashPassword(password);
  const names = Array.from({ length: count }, (_, i) => `person${i + 1}`);
  const db = openPool(databaseUrl, createLog('silent'));
  try {
    for (const username of names) await createAccount(db, { username, passwordHash });
  } finally {
    await db.end();
  }
  return names.map(username => ({ username, password }));
}
