import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A small shell holds the other end of a pipe: when we end, however we end, it takes away what is mounted in the folder, and the folder. */
const script = `
read _
for i in 1 2 3 4 5 6 7 8 9 10; do
  umount -l "$0"/* 2>/dev/null
  rm -rf "$0" 2>/dev/null && exit
  sleep 1
done`;

/** @returns what does it now */
export function removedAtTheEnd(folder: string): () => Promise<void> {
  const shell = spawn('/bin/sh', ['-c', script, folder], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  return async () => {
    shell.ref();
    const exit = once(shell, 'exit');
    shell.stdin.end();
    await exit;
  };
}
