import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { open, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** A small file system that can be filled up. */
export interface Disk {
  fill(): Promise<void>;
  empty(): void;
}

const mebibyte = 2 ** 20;
/** Room for the longest run, with its log of changes kept short (`shortLog`). */
const sizeMiB = 640;
export const shortLog = "ALTER SYSTEM SET max_wal_size = '128MB'";

/** Mounts one at `folder`, in memory; it goes with the folder that it is in. @returns why that cannot be had here, in words */
export function mountDisk(folder: string): Disk | string {
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m,mode=0711`, 'tmpfs', folder]);
  if (status !== 0) return 'no small file system can be mounted here: that takes Linux, and root';
  const filling = join(folder, 'filling');
  return {
    async fill() {
      const file = await open(filling, 'w');
      try {
        const portion = Buffer.alloc(4 * mebibyte);
        while ((await statfs(folder)).bavail > 0) await file.write(portion);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      } finally {
        await file.close();
      }
    },
    empty: () => rmSync(filling, { force: true }),
  };
}
