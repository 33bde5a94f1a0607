import { createHash } from 'node:crypto';
import { chownSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from '../cannot-start.ts';
import type { Account } from './account.ts';
import { isCode } from './is-code.ts';

/** A limit of the system: the address of a Unix socket holds no more, in bytes. */
const longestSocketPath = 107;

/** Inside of `base`, or in /tmp where that path would be too long. */
export function socketFolder(base: string): string {
  const inside = join(base, 'socket');
  if (Buffer.byteLength(join(inside, '.s.PGSQL.5432')) <= longestSocketPath) return inside;
  return `/tmp/carpenter-${createHash('sha256').update(base).digest('hex').slice(0, 16)}`;
}

/** For PostgreSQL and nobody else: who may enter it needs no password.
 *  @throws CannotStart when somebody else made that folder, as anybody can in /tmp */
export function makeSocketFolder(sockets: string, account: Account | undefined): void {
  try {
    mkdirSync(sockets, { mode: 0o700 });
    if (account) chownSync(sockets, account.uid, account.gid);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error; // left over from a kill
  }
  const { uid, mode } = lstatSync(sockets);
  const owner = account?.uid ?? process.getuid?.();
  if (uid === owner && (mode & 0o777) === 0o700) return;
  throw new CannotStart(
    `The folder ${sockets} must belong to user ${owner} and nobody else (mode 0700). Remove it, then try again.`,
  );
}
