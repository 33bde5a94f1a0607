import { readFile } from 'node:fs/promises';
import { UsageError } from './usage-error.ts';

/** Lines "username,password". @throws UsageError with the number of the first line that is none */
export async function readAccounts(file: string): Promise<{ username: string; password: string }[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`The accounts cannot be read: ${error instanceof Error ? error.message : error}`);
  });
  const accounts = text.split(/\r?\n/).flatMap((line, i) => {
    if (line.trim() === '') return [];
    const comma = line.indexOf(',');
    if (comma < 1) throw new UsageError(`${file}, line ${i + 1}: there is no username and comma before the password.`);
    return [{ username: line.slice(0, comma).trim(), password: line.slice(comma + 1) }];
  });
  if (accounts.length >= 2) return accounts;
  throw new UsageError(`${file} must hold at least two accounts, one line "username,password" each.`);
}
