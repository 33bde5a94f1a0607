import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';

/** Who PostgreSQL runs as, where it cannot be us: it refuses to run as root. */
export interface Account {
  uid: number;
  gid: number;
}

/** Nobody in particular, or the owner of data that are there already. Undefined: we are not root, so it runs as we do. */
export function chooseAccount(existingData: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(existingData, { throwIfNoEntry: false });
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : nobody();
}

function nobody(): Account {
  const line = readLines('/etc/passwd').find(account => account.startsWith('nobody:'));
  const [, , uid, gid] = (line ?? 'nobody:x:65534:65534').split(':').map(Number);
  return { uid: uid || 65_534, gid: gid || 65_534 };
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return []; // a system without this file: the usual number will do
  }
}

/** Asked by trying: modes alone don't tell, every folder above counts and access lists do too. */
export const canRun = (account: Account, program: string) => tries(account, 'test -x "$0"', program);
export const canEnter = (account: Account, folder: string) => tries(account, 'cd "$0"', folder);

const tries = (account: Account, script: string, path: string) =>
  spawnSync('/bin/sh', ['-c', script, path], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
