import { closeSync, copyFileSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';

const maxBytes = 8 * 2 ** 20;
const lookEveryMs = 10_000;

/** PostgreSQL's own log. It writes to the file by itself, so that its last words are there when we are not.
 *  Grown too long, the file becomes `<file>.1` and starts anew: there are never more than two. */
export interface ServerLog {
  fd: number;
  /** What was written since `begin()`, its last lines. */
  begin(): void;
  lastWords(): string;
  close(): void;
}

export function openServerLog(file: string): ServerLog {
  const fd = openSync(file, 'a+', 0o600);
  let begun = 0;
  const trim = () => {
    if (fstatSync(fd).size < maxBytes) return;
    copyFileSync(file, `${file}.1`);
    ftruncateSync(fd); // every writer appends, so the next line is the first one
    begun = 0;
  };
  trim();
  const timer = setInterval(trim, lookEveryMs).unref();
  return {
    fd,
    begin() {
      begun = fstatSync(fd).size;
    },
    lastWords() {
      const from = Math.max(begun, fstatSync(fd).size - 2_000);
      const buffer = Buffer.alloc(2_000);
      return buffer.toString('utf8', 0, readSync(fd, buffer, 0, 2_000, from)).trim();
    },
    close() {
      clearInterval(timer);
      closeSync(fd);
    },
  };
}
