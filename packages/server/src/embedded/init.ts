import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CannotStart } from '../cannot-start.ts';
import type { Place } from './place.ts';
import { initArguments } from './settings.ts';

const major = '18';

/** Makes sure that `place.data` holds a database cluster that our PostgreSQL can use: an empty one on the first start. */
export async function ensureCluster(place: Place): Promise<'made' | 'there'> {
  const { data } = place;
  if (!existsSync(data)) {
    await makeCluster(place);
    return 'made';
  }
  const owner = statSync(data).uid;
  const us = place.account?.uid ?? process.getuid?.();
  if (owner !== us) {
    throw new CannotStart(`The database in ${data} belongs to user ${owner}, and this is user ${us}: it was made when \
Carpenter ran as somebody else. Start it so again, or give the folder to this user (chown -R).`);
  }
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (version !== major) {
    throw new CannotStart(`The database in ${data} was made by PostgreSQL ${version}, and this is ${major}.`);
  }
  return 'there';
}

/** In a folder of another name first: whoever is interrupted here begins anew, and never has half a cluster. */
async function makeCluster({ data, binaries, account }: Place): Promise<void> {
  const unfinished = `${data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  if (account) chownSync(unfinished, account.uid, account.gid);
  const child = spawn(join(binaries, 'bin/initdb'), initArguments(unfinished), {
    ...account,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  });
  const code = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  const complaint = await text(child.stderr);
  if ((await code) !== 0) throw new CannotStart(explainFailure(complaint));
  renameSync(unfinished, data);
}

/** PostgreSQL's words, with ours before them where we know better. */
export function explainFailure(words: string): string {
  if (/could not look up effective user ID/.test(words)) {
    return `PostgreSQL cannot run as user ${process.getuid?.()}: the system knows no name for that number. Use a user \
that has one (a line in /etc/passwd), or set DATABASE_URL.`;
  }
  if (/No space left on device/.test(words)) return `PostgreSQL could not start: the disk is full.\n${words}`;
  return `PostgreSQL could not start. It says:\n${words}`;
}
