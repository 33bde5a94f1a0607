import { Refusal } from '@carpenter/protocol';
import { createAccount } from '@carpenter/server/operator';
import { readAccount } from './account.ts';
import { operator, withDatabase } from './database.ts';
import { makePassword, readPassword } from './password.ts';

export async function createUser(
  username: string,
  { name, generate = false }: { name?: string | undefined; generate?: boolean | undefined },
): Promise<number> {
  const password = generate ? makePassword() : await readPassword();
  const account = readAccount({ username, password, name });
  if (typeof account === 'string') {
    console.error(account);
    return 1;
  }
  return withDatabase(async ({ db }) => {
    try {
      const me = await createAccount(db, account, { operator: operator() });
      console.log(`Created ${me.username}${me.role === 'owner' ? ', the owner of this server' : ''}.`);
      if (generate) console.log(`Password: ${password}`);
      return 0;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      console.error(error.message);
      return 1;
    }
  });
}
