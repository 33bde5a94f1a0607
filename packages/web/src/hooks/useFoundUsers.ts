import type { User } from '@carpenter/protocol';
import { useClient } from './client.ts';
import { type Found, useFound } from './useFound.ts';

/** People whose name or username begins like this; all, as far as a page goes, for ''; nobody is asked for without a query. */
export function useFoundUsers(query: string | undefined): Omit<Found<User>, 'found'> & { users: readonly User[] } {
  const client = useClient();
  const { found: users, ...rest } = useFound(query, words => client.findUsers(words, 20));
  return { users, ...rest };
}
