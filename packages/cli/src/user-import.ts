import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { Refusal } from '@carpenter/protocol';
import { CannotStart, createAccount, type Db, hashPassword } from '@carpenter/server/operator';
import { type Account, accountIn, readAccount } from './account.ts';
import { operator, withDatabase } from './database.ts';

/** Hashing takes a core and 19 MiB each; accounts that need no hash wait for the disk, and together. */
const [hashingAtOnce, storingAtOnce] = [Math.min(availableParallelism(), 3), 8];
const progressEveryMs = 2_000;

export async function importUsers(file: string, samePassword: boolean): Promise<number> {
  const input = file === '-' ? process.stdin : (await openFile(file)).createReadStream();
  const by = { operator: operator() };
  return withDatabase(async ({ db }) => {
    const create = samePassword ? sharingHashes(db, by) : (account: Account) => createAccount(db, account, by);
    const lines = numbered(createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }));
    const counts = { created: 0, failed: 0 };
    const progress = setInterval(() => console.error(`${counts.created} accounts so far`), progressEveryMs);

    async function work(): Promise<void> {
      for await (const [number, line] of lines) {
        const fault = await importLine(line, create);
        if (fault === undefined) counts.created++;
        else {
          counts.failed++;
          console.error(`line ${number}: ${fault}`);
        }
      }
    }

    try {
      await Promise.all(Array.from({ length: samePassword ? storingAtOnce : hashingAtOnce }, work));
    } finally {
      clearInterval(progress);
    }
    const failed = counts.failed > 0 ? `; ${plural(counts.failed, 'line')} failed` : '';
    console.log(`Created ${plural(counts.created, 'account')}${failed}.`);
    return counts.failed > 0 ? 1 : 0;
  });
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Before anything is started for it. */
async function openFile(file: string) {
  try {
    return await open(file);
  } catch (error) {
    throw new CannotStart(`The file cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** Lines that hold something, with their numbers. Several workers may take from it at once. */
async function* numbered(lines: AsyncIterable<string>): AsyncGenerator<[number, string]> {
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() !== '') yield [number, line];
  }
}

async function importLine(line: string, create: (account: Account) => Promise<unknown>): Promise<string | undefined> {
  const named = accountIn(line);
  if (!named) return 'There is no comma or tab after the username.';
  const account = readAccount(named);
  if (typeof account === 'string') return account;
  try {
    await create(account);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

function sharingHashes(db: Db, by: { operator: string }): (account: Account) => Promise<unknown> {
  const hashes = new Map<string, Promise<string>>();
  return async ({ password, ...account }) => {
    const hash = hashes.get(password) ?? hashPassword(password);
    hashes.set(password, hash);
    return createAccount(db, { ...account, passwordHash: await hash }, by);
  };
}
