import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A small file system that can be filled up. */
export interface Disk {
  fill(): void;
  empty(): void;
}

const mebibyte = 2 ** 20;
/** Room for the longest run, with its log of changes kept short. */
const sizeMiB = 1_024;

/** Mounts one at `folder`, in memory; it goes with the folder that it is in. @returns why that cannot be had here, in words */
export function mountDisk(folder: string): Disk | string {
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m,mode=0711`, 'tmpfs', folder]);
  if (status !== 0) return 'no small file system can be mounted here: that takes Linux, and root';
  const filling = join(folder, 'filling');
  return {
    fill() {
      const file = openSync(filling, 'w');
      try {
        fillUp(file, folder);
      } finally {
        closeSync(file);
      }
    },
    empty: () => rmSync(filling, { force: true }),
  };
}

function fillUp(file: number, folder: string): void {
  const portion = Buffer.alloc(mebibyte);
  try {
    while (statfsSync(folder).bavail > 0) writeSync(file, portion);
  } catch {
    // full
  }
}
