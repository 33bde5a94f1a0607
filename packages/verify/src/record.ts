import { closeSync, openSync, writeSync } from 'node:fs';
import type { Recording } from './world/types.ts';

/**
 * A new history. Lines of one turn of the event loop are written together, at its end: what is lost when this process dies is that
 * turn. Nothing waits in memory, so nothing has to be bounded.
 * @param failed  with what the disk says: a history with holes is worth nothing, so the run ends with it
 * @throws where the file cannot be made; its `close`, where the last lines cannot be written
 */
export function openRecord(file: string, failed: (error: unknown) => void): Recording {
  const fd = openSync(file, 'w');
  const began = performance.now();
  const now = () => Math.round((performance.now() - began) * 1_000) / 1_000;
  let lines = '';
  let closed = false;

  function flush(): void {
    const bytes = Buffer.from(lines);
    lines = '';
    for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
  }

  function endOfTurn(): void {
    if (closed) return;
    try {
      flush();
    } catch (error) {
      failed(error);
    }
  }

  return {
    now,
    write(entry) {
      if (closed) return;
      if (lines === '') setImmediate(endOfTurn);
      lines += `${JSON.stringify('t' in entry ? entry : { ...entry, t: now() })}\n`;
    },
    async close() {
      if (closed) return;
      flush();
      closed = true;
      closeSync(fd);
    },
  };
}
