import { canonicalUsername } from '@carpenter/protocol';
import { suspendAccount } from '@carpenter/server/operator';
import { operator, withDatabase } from './database.ts';

export async function suspendUser(name: string, suspended: boolean): Promise<number> {
  const username = canonicalUsername(name);
  return withDatabase(async ({ db }) => {
    const changed = await suspendAccount(db, username, suspended, { operator: operator() });
    const state = suspended ? 'suspended' : 'not suspended';
    if (changed) console.log(`${username} is ${state}${suspended ? ', and gone within half a minute' : ' any more'}.`);
    else console.error(`Nobody is called ${username}, or they were ${state} before.`);
    return changed ? 0 : 1;
  });
}
