import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface Lock {
  release(): void;
}

/** Locks a folder for this process, or answers undefined: another process has it.
 *
 *  The lock is SQLite's on an empty file, as Node has no other one that the system itself takes away when its holder
 *  dies, however it dies: no stale locks, no guessing by process ids, no race between two starts. */
export function tryLock(folder: string): Lock | undefined {
  const file = new DatabaseSync(join(folder, 'lock'));
  try {
    file.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === 5) return undefined; // SQLITE_BUSY
    throw error;
  }
  const holder = join(folder, 'lock-holder');
  writeFileSync(holder, `${process.pid}\n`);
  return {
    release() {
      rmSync(holder, { force: true });
      file.close();
    },
  };
}

/** Who holds it, for words to people; nothing is decided by it. */
export function lockHolder(folder: string): string {
  try {
    return `process ${readFileSync(join(folder, 'lock-holder'), 'utf8').trim()}`;
  } catch {
    return 'another process';
  }
}
