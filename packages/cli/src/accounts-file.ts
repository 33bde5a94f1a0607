import { readFile } from 'node:fs/promises';
import { accountIn } from './account.ts';
import { UsageError } from './usage-error.ts';

/** Lines "username,password", as `user import` takes them. @throws UsageError with the number of the first line that is none */
export async function readAccounts(file: string): Promise<{ username: string; password: string }[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`The accounts cannot be read: ${error instanceof Error ? error.message : error}`);
  });
  const accounts = text.split(/\r?\n/).flatMap((line, i) => {
    if (line.trim() === '') return [];
    const account = accountIn(line);
    if (account) return [account];
    throw new UsageError(`${file}, line ${i + 1}: there is no username and comma before the password.`);
  });
  if (accounts.length >= 2) return accounts;
  throw new UsageError(`${file} must hold at least two accounts, one line "username,password" each.`);
}
